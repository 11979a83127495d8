import { HalfspreadError, toWireError } from '../../../engine/protocol/errors.ts';
import type { IpcInput } from '../../ipc/schema.ts';
import type { KeyRecord } from '../../ipc/key-schema.ts';
import { withUse } from '../key-book.ts';
import { deleteSecret } from '../kept-secret.ts';
import { addressedAs, askExisting, type ExistingKey } from './add.ts';
import { keepKey, testKey } from './keep.ts';
import type { KeyWork } from './key-work.ts';
import { askMainKey, makeSubkeyWith, registerSigningKey, revokeSubkey } from './make.ts';

const DEFAULT_DAYS = 7;

/**
 * Puts a new key in the place of one: the new one is made, tested and kept, then used, and only then is the old one revoked
 * and deleted. There is a working key at every moment.
 * @throws HalfspreadError HS_KEY_STILL_VALID: the new key is in use, the old one could not be revoked and stays on the list
 */
export async function rotateKey(work: KeyWork, { id, how }: IpcInput<'keys.rotate'>): Promise<void> {
  const old = work.book.record(id);
  if (how.from === 'existing') return rotateToExisting(work, old, how);
  if (old.venue === 'vest') {
    const { endpoint, label, account } = old;
    const made = await registerSigningKey(work, { endpoint, label, account, days: how.days ?? DEFAULT_DAYS });
    await switchUse(work, old, made);
    // Vest has no way to end a registration early; its private key ends here.
    return drop(work, old);
  }
  const { endpoint, label, account, publicKey } = old;
  const mainKey = await askMainKey(work, endpoint, account);
  const made = await makeSubkeyWith(work, mainKey, endpoint, label);
  await switchUse(work, old, made);
  try {
    await revokeSubkey(work, mainKey, endpoint, publicKey);
  } catch (error) {
    throw stillValid(old, error);
  }
  await drop(work, old);
}

async function rotateToExisting(
  work: KeyWork,
  old: KeyRecord,
  how: Extract<IpcInput<'keys.rotate'>['how'], { from: 'existing' }>,
): Promise<void> {
  const existing = addressedAs(old, how);
  const venueKey = await askExisting(work, existing satisfies ExistingKey);
  const test = await testKey(work, venueKey, old.label);
  if (test.publicKey === old.publicKey) throw sameAgain(old);
  const record = await keepKey(work, { venueKey, label: old.label, origin: 'pasted' }, test);
  await switchUse(work, old, record);
  // A subkey is revoked with the main key, which was not asked for: it stays on the list until then.
  if (old.venue === 'vest') await drop(work, old);
}

async function switchUse(work: KeyWork, old: KeyRecord, made: KeyRecord): Promise<void> {
  work.step('switching');
  const replacedAt = work.nowMs();
  await work.book.change((records) => {
    const switched = old.inUse ? withUse(records, made.id) : records;
    return switched.map((record) => (record.id === old.id ? { ...record, replacedAt } : record));
  });
}

async function drop(work: KeyWork, old: KeyRecord): Promise<void> {
  work.step('deleting');
  if (old.storedIn === work.store.kind) await deleteSecret(work.store, old.id);
  await work.book.change((records) => records.filter(({ id }) => id !== old.id));
}

function stillValid(old: KeyRecord, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_STILL_VALID',
    `The new key is in use. The old one could not be revoked at Paradex and still works there: ${toWireError(cause).message}`,
    `Revoke "${old.label}" (${old.publicKey}) from the list, or on Paradex’s own page.`,
    { cause },
  );
}

function sameAgain(old: KeyRecord): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_SAME',
    `What was handed over is the key "${old.label}" itself; nothing was changed.`,
    'Make a new key at the venue and hand that over, or let Halfspread make one.',
  );
}
