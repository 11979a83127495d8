import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { checkPlace } from '../key-ring.ts';
import { deleteSecret } from '../kept-secret.ts';
import type { KeyBook } from '../key-book.ts';
import type { KeyWork } from './key-work.ts';
import { askMainKey, revokeSubkey } from './make.ts';

/** Deletes the secret, proves it gone, and takes the key off the list. */
export async function deleteKey(work: KeyWork, id: string): Promise<void> {
  const record = work.book.record(id);
  checkPlace(record, work.store);
  work.step('deleting');
  await deleteSecret(work.store, id);
  await forgetRecord(work.book, id);
}

/** Takes the key off the list and nothing else: its storage cannot be reached. */
export async function forgetRecord(book: KeyBook, id: string): Promise<void> {
  await book.change((records) => records.filter((record) => record.id !== id));
}

/** Revokes a Paradex subkey at the venue, then deletes it here. */
export async function revokeKey(work: KeyWork, id: string): Promise<void> {
  const record = work.book.record(id);
  if (record.venue !== 'paradex') throw cannotRevoke();
  const mainKey = await askMainKey(work, record.endpoint, record.account);
  await revokeSubkey(work, mainKey, record.endpoint, record.publicKey);
  work.step('deleting');
  if (record.storedIn === work.store.kind) await deleteSecret(work.store, id);
  await forgetRecord(work.book, id);
}

function cannotRevoke(): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_NOT_REVOCABLE',
    'Vest offers no way to end a registration before its time.',
    'Delete the key here: without its private key nobody signs with it. It ends at Vest by itself.',
  );
}
