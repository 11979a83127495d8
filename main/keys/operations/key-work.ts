import type { AccountsRequest, AccountsResult, AccountsTask } from '../../../engine/protocol/accounts.ts';
import type { KeyStep } from '../../ipc/key-schema.ts';
import type { AskSecret } from '../../shell/ports.ts';
import type { KeyBook } from '../key-book.ts';
import type { SecretStore } from '../secret-store.ts';

/** Asks a venue about accounts and keys (main/engines/accounts-client.ts). @throws HalfspreadError of the venue or the line */
export type AskVenue = <Task extends AccountsTask>(
  request: AccountsRequest & { task: Task },
  signal: AbortSignal,
) => Promise<AccountsResult<Task>>;

/** What an operation on keys works with. */
export interface KeyWork {
  book: KeyBook;
  /** The open storage. */
  store: SecretStore;
  askSecret: AskSecret;
  askVenue: AskVenue;
  /** Says what it is at; the person can end it while it asks, reads or tests. */
  step(step: KeyStep): void;
  signal: AbortSignal;
  nowMs(): number;
}
