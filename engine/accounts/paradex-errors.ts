import { HalfspreadError } from '../core/errors.ts';
import { ParadexRestError } from '../venues/paradex/rest.ts';

/**
 * Codes by which Paradex may refuse a login with a key the account does not have (any more). Which of them it uses for a
 * revoked one is unconfirmed.
 */
const KEY_REFUSED = new Set([
  'INVALID_SUBKEY',
  'PUBLIC_KEY_INVALID',
  'STARKNET_SIGNATURE_VERIFICATION_FAILED',
  'INVALID_STARKNET_SIGNATURE',
  'UNAUTHORIZED_ERROR',
  'NOT_FOUND',
]);
const ACCOUNT_UNKNOWN = new Set(['NOT_ONBOARDED', 'ACCOUNT_NOT_FOUND', 'INVALID_STARKNET_ADDRESS']);
const TIME_REFUSED = new Set(['INVALID_TIMESTAMP', 'INVALID_SIGNATURE_EXPIRATION']);

export function isKeyRefusal(error: unknown): error is ParadexRestError {
  return error instanceof ParadexRestError && KEY_REFUSED.has(error.venueCode);
}

/** Paradex's refusal in words a person can act on; any other error as it is. */
export function paradexFailure(error: unknown, accountAddress: string): unknown {
  if (!(error instanceof ParadexRestError)) return error;
  const { venueCode } = error;
  if (ACCOUNT_UNKNOWN.has(venueCode)) {
    return new HalfspreadError(
      'HS_PARADEX_NO_ACCOUNT',
      `Paradex has no account ${accountAddress} on this network (${venueCode}).`,
      'Check the address. Accounts of production and testnet are separate: choose the network this key was made on, or ' +
        'open the account there first.',
      { cause: error },
    );
  }
  if (TIME_REFUSED.has(venueCode)) {
    return new HalfspreadError(
      'HS_CLOCK_OFF',
      `Paradex does not accept the time of this login (${venueCode}): this machine’s clock is wrong.`,
      'Let the system set its time by itself (network time), then try again.',
      { cause: error },
    );
  }
  if (venueCode === 'IP_NOT_ALLOWED') {
    return new HalfspreadError(
      'HS_PARADEX_IP_NOT_ALLOWED',
      'This Paradex subkey may only be used from certain internet addresses, and this machine’s is not among them.',
      'Add this machine’s address to the subkey’s list in the Paradex window, or use another key here.',
      { cause: error },
    );
  }
  if (venueCode === 'GEO_IP_BLOCK') {
    return new HalfspreadError(
      'HS_PARADEX_GEO_BLOCKED',
      'Paradex does not serve the country this machine’s internet address belongs to.',
      'Its terms decide where it may be used; Halfspread does not go around that.',
      { cause: error },
    );
  }
  return error;
}

/** @param owner address of the account whose main key this is, where there is one */
export function keyNotOfAccount(publicKey: string, accountAddress: string, owner: string | undefined): HalfspreadError {
  if (owner !== undefined) {
    return new HalfspreadError(
      'HS_PARADEX_OTHER_ACCOUNT',
      `This is the main key of the Paradex account ${owner}, not of ${accountAddress}.`,
      'Give the account address that belongs to the key.',
    );
  }
  return new HalfspreadError(
    'HS_PARADEX_KEY_UNKNOWN',
    `The key ${publicKey} is not, or no longer, a key of the Paradex account ${accountAddress}: it was revoked, or it ` +
      'was never registered there.',
    'Make a new subkey, or check that account address and key belong together and to this network.',
  );
}
