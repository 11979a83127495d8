import { HalfspreadError } from '../../engine/protocol/errors.ts';

/** The person took it back. What was under way changed nothing. */
export function cancelled(): HalfspreadError {
  return new HalfspreadError('HS_KEY_CANCELLED', 'Cancelled; nothing was changed.', 'Start again when you like.');
}
