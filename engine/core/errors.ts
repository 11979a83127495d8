/**
 * The family of all errors Halfspread throws on purpose. Nothing compares message text: `code` is the contract.
 * `message` says what happened and what it means, `remedy` what to do.
 */
export class HalfspreadError extends Error {
  readonly code: string;
  readonly remedy: string;
  constructor(code: `HS_${string}`, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HalfspreadError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** No complete answer came from the network: the outcome of what was sent is unknown. */
export class NetworkError extends HalfspreadError {
  override readonly name = 'NetworkError';
}

/** What is left to say of an unknown thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
