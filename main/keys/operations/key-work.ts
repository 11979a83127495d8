import type { AskSecret } from '../../shell/ports.ts';
import type { KeyBook } from '../key-book.ts';
import type { RunningOperation } from '../operation-runner.ts';
import type { SecretStore } from '../secret-store.ts';
import type { VenueAccounts } from '../venue-accounts.ts';

/** What an operation on keys works with. */
export interface KeyWork extends RunningOperation {
  book: KeyBook;
  /** The open storage. */
  store: SecretStore;
  askSecret: AskSecret;
  venues: VenueAccounts;
  nowMs(): number;
}
