import { z } from 'zod';
import { HalfspreadError, type WireError } from '../../engine/protocol/errors.ts';
import { keyRecordSchema, storageKindSchema, type KeyRecord, type StorageKind } from '../ipc/key-schema.ts';
import { openStoredJson } from '../settings/stored-json.ts';

const bookSchema = z.strictObject({
  version: z.literal(1),
  /** Absent: the operator chose none; the keychain of the operating system. */
  storage: storageKindSchema.optional(),
  keys: z.array(keyRecordSchema),
});
type Book = z.infer<typeof bookSchema>;

/** The list of keys, without secrets, in keys.json. What it answers is on disk. */
export interface KeyBook {
  /** Newest first. */
  records(): readonly KeyRecord[];
  /** @throws HalfspreadError HS_KEY_UNKNOWN */
  record(id: string): KeyRecord;
  /** What the operator chose. */
  storage(): StorageKind | undefined;
  /** One change after the other; each is on disk when it resolves. @throws HalfspreadError HS_KEYS_WRITE, and then nothing changed */
  change(apply: (records: readonly KeyRecord[]) => readonly KeyRecord[]): Promise<void>;
  choose(storage: StorageKind): Promise<void>;
  /** A list that could not be used at start and was kept aside. */
  readonly setAside: WireError | undefined;
}

/** @throws HalfspreadError HS_KEYS_READ when the file exists and cannot be read or set aside. */
export async function openKeyBook(path: string, onChange: () => void): Promise<KeyBook> {
  const stored = await openStoredJson({
    path,
    schema: bookSchema,
    noun: 'list of trading keys',
    codes: { read: 'HS_KEYS_READ', write: 'HS_KEYS_WRITE', setAside: 'HS_KEYS_SET_ASIDE' },
    without: 'it starts empty; the keys themselves are where they were kept and can be put back on the list',
    nowMs: Date.now,
  });
  let book: Book = stored.found ?? { version: 1, keys: [] };
  let changing: Promise<void> = Promise.resolve();

  function replace(make: () => Book): Promise<void> {
    const changed = changing.then(async () => {
      const next = make();
      await stored.replace(next);
      book = next;
      onChange();
    });
    changing = changed.catch(() => undefined);
    return changed;
  }

  return {
    setAside: stored.setAside,
    records: () => book.keys,
    record(id) {
      const found = book.keys.find((record) => record.id === id);
      if (found) return found;
      throw new HalfspreadError(
        'HS_KEY_UNKNOWN',
        'This key is not on the list any more.',
        'Look at the list as it is now.',
      );
    },
    storage: () => book.storage,
    change: (apply) =>
      replace(() => ({
        ...book,
        keys: [...apply(book.keys)].sort((a, b) => b.createdAt - a.createdAt),
      })),
    choose: (storage) => replace(() => ({ ...book, storage })),
  };
}

/** Puts a record on the list, or in the place of the one with its id. */
export function withRecord(records: readonly KeyRecord[], record: KeyRecord): KeyRecord[] {
  return [record, ...records.filter(({ id }) => id !== record.id)];
}

/** Whether both are keys of one venue at one address: of these, one is in use. */
export function sameSlot(a: Pick<KeyRecord, 'venue' | 'endpoint'>, b: Pick<KeyRecord, 'venue' | 'endpoint'>): boolean {
  return a.venue === b.venue && addressOf(a.endpoint) === addressOf(b.endpoint);
}

/** Makes this one of its slot the one in use. */
export function withUse(records: readonly KeyRecord[], id: string): KeyRecord[] {
  const chosen = records.find((record) => record.id === id);
  if (!chosen) return [...records];
  return records.map((record) => (sameSlot(record, chosen) ? { ...record, inUse: record.id === id } : record));
}

function addressOf({ restUrl }: { restUrl: string }): string {
  return new URL(restUrl).href.replace(/\/+$/, '');
}
