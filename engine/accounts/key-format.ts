import { HalfspreadError } from '../core/errors.ts';

/** @param problem which field, and what is wrong with it; never its value. */
export function paradexKeyFormat(problem: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_KEY_FORMAT',
    `This is no Paradex key (${problem}).`,
    'Copy the account address and the private key of a subkey from the Paradex window; both begin with 0x.',
  );
}

/** @param problem which field, and what is wrong with it; never its value. */
export function vestKeyFormat(problem: string): HalfspreadError {
  return new HalfspreadError(
    'HS_VEST_KEY_FORMAT',
    `This is no Vest key (${problem}).`,
    'A Vest key is an Ethereum private key: 0x and 64 hex digits.',
  );
}
