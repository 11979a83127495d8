import type { StorageKind } from '../../ipc/key-schema.ts';
import type { KeyBook } from '../key-book.ts';
import type { SecretStore } from '../secret-store.ts';

const NAME_OF_KEY = /^trading\/(.+)$/;

/**
 * Takes every secret of one storage to another: copied and proven there, noted on the list, and only then deleted here. Into
 * memory nothing is moved: what ends with the program would be lost.
 */
export async function moveSecrets(book: KeyBook, from: SecretStore, to: SecretStore): Promise<void> {
  if (to.kind === 'session' || from.kind === to.kind) return;
  for (const name of await from.list()) {
    const value = await from.get(name);
    if (value === undefined) continue;
    await to.set(name, value);
    const id = NAME_OF_KEY.exec(name)?.[1];
    if (id !== undefined) await noteStorage(book, id, to.kind);
    await from.delete(name);
  }
}

function noteStorage(book: KeyBook, id: string, storedIn: StorageKind): Promise<void> {
  return book.change((records) => records.map((record) => (record.id === id ? { ...record, storedIn } : record)));
}
