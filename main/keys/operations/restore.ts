import { withRecord } from '../key-book.ts';
import { listSecrets, readKeptRecord } from '../kept-secret.ts';
import type { KeyWork } from './key-work.ts';
import { sameSlot } from '../key-book.ts';

/** Puts keys of the storage that are not on the list back on it, as they were when they were kept. */
export async function restoreKeys(work: KeyWork): Promise<void> {
  work.step('reading');
  const listed = new Set(work.book.records().map(({ id }) => id));
  for (const id of await listSecrets(work.store)) {
    if (listed.has(id)) continue;
    const kept = await readKeptRecord(work.store, id);
    await work.book.change((records) => {
      const inUse = kept.inUse && !records.some((record) => record.inUse && sameSlot(record, kept));
      return withRecord(records, { ...kept, id, inUse, storedIn: work.store.kind });
    });
  }
}
