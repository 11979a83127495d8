/** The error family as clients of the engine see it: the same class here and there, and its form on the wire. */
import { HalfspreadError, errorMessage } from '../core/errors.ts';

export { HalfspreadError, errorMessage };

export interface WireError {
  code: string;
  message: string;
  remedy: string;
}

/** What crosses the wire of a thrown value. An unknown error keeps its text and gets code HS_INTERNAL. */
export function toWireError(error: unknown): WireError {
  if (error instanceof HalfspreadError) return { code: error.code, message: error.message, remedy: error.remedy };
  return {
    code: 'HS_INTERNAL',
    message: `Something unexpected went wrong: ${errorMessage(error)}`,
    remedy: 'Look into the log; restart Halfspread if it stays like this.',
  };
}

/** The error again on the receiving side. A code outside the family becomes HS_INTERNAL. */
export function fromWireError(error: WireError): HalfspreadError {
  return new HalfspreadError(isFamilyCode(error.code) ? error.code : 'HS_INTERNAL', error.message, error.remedy);
}

function isFamilyCode(code: string): code is `HS_${string}` {
  return code.startsWith('HS_');
}
