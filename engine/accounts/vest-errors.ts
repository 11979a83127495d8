import { HalfspreadError } from '../core/errors.ts';
import { VestAnswerError } from '../venues/vest/rest.ts';

/** Vest's refusal in words a person can act on; any other error as it is. */
export function vestFailure(error: unknown, primaryAddress: string): unknown {
  if (!(error instanceof VestAnswerError)) return error;
  const refused = (code: `HS_${string}`, message: string, remedy: string): HalfspreadError =>
    new HalfspreadError(code, message, remedy, { cause: error });
  switch (error.vestCode) {
    case 1002:
      return refused(
        'HS_VEST_API_KEY',
        'Vest does not accept this API key (1002): its registration was replaced or ended, or it belongs to the other ' +
          'network (production or development).',
        'Register a new signing key on this network.',
      );
    case 1146:
      return refused(
        'HS_VEST_ACCOUNT_GROUP',
        'Vest keeps this account in another account group than the one given (1146).',
        'Use the account group the registration answered, or register a new signing key.',
      );
    case 1099:
      return refused(
        'HS_VEST_NO_ACCOUNT',
        `Vest has no account of the wallet ${primaryAddress} on this network (1099).`,
        'Open the account in the Vest window first, or choose the network it was opened on.',
      );
    case 1022:
      return refused(
        'HS_VEST_WRONG_CONTRACT',
        'Vest does not accept the primary key’s signature (1022). The registration was signed for a verifying contract of ' +
          'another network.',
        'Correct the verifying contract: production and development have different ones.',
      );
    case 1024:
      return refused(
        'HS_VEST_REGISTRATION_REFUSED',
        'Vest does not take registrations of Ethereum wallets here (1024).',
        'Check the address; Vest may have changed its registration.',
      );
    case 1130:
      return refused(
        'HS_VEST_REGISTRATION_REFUSED',
        `Vest does not take this registration: ${error.message}`,
        'Choose an earlier end: Vest limits how long a registration may last (a week is its own example).',
      );
    case 429:
    case 1003:
      return refused(
        'HS_VENUE_RATE_LIMIT',
        'Vest answers no more requests from here for now.',
        'Try again in a minute; another program may be using the same connection or key.',
      );
    default:
      return error;
  }
}
