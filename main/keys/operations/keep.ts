import { randomUUID } from 'node:crypto';
import type { KeyTest } from '../../../engine/protocol/accounts.ts';
import type { KeyRecord } from '../../ipc/key-schema.ts';
import { sameSlot, withRecord } from '../key-book.ts';
import { expired } from '../key-ring.ts';
import { deleteSecret, writeSecret, type VenueKey } from '../kept-secret.ts';
import { tooWide } from './ask-keys.ts';
import type { KeyWork } from './key-work.ts';

/** How a key came here. */
export interface NewKey {
  venueKey: VenueKey;
  label: string;
  origin: KeyRecord['origin'];
}

/** Asks the venue about the key, read-only. @throws HalfspreadError HS_KEY_WIDE, HS_KEY_EXPIRED, or what the venue says */
export async function testKey(work: KeyWork, { venue, endpoint, key }: VenueKey, label: string): Promise<KeyTest> {
  work.step('testing');
  if (venue === 'paradex') {
    const test = await work.venues.testParadex(endpoint, key, work.signal);
    if (test.kind === 'mainKey' || test.mayWithdraw === 'yes') throw tooWide();
    return test;
  }
  if (key.expiresAt <= work.nowMs()) throw expired({ venue, label, expiresAt: key.expiresAt });
  return work.venues.testVest(endpoint, key, work.signal);
}

/**
 * Keeps a key that passed its test: the secret first and proven there, then its record. A key that is on the list already
 * takes its own place again. The first one of its venue and address is the one in use.
 */
export async function keepKey(work: KeyWork, { venueKey, label, origin }: NewKey, test: KeyTest): Promise<KeyRecord> {
  work.step('saving');
  const { book, store } = work;
  const known = book
    .records()
    .find((record) => sameSlot(record, venueKey) && sameKey(record.publicKey, test.publicKey));
  const others = book.records().filter((record) => sameSlot(record, venueKey) && record.id !== known?.id);
  const expiresAt = test.expiresAt ?? (venueKey.venue === 'vest' ? venueKey.key.expiresAt : undefined);
  const common = {
    id: known?.id ?? randomUUID(),
    label,
    account: test.accountAddress,
    publicKey: test.publicKey,
    mayWithdraw: test.mayWithdraw,
    origin,
    createdAt: work.nowMs(),
    ...(expiresAt !== undefined && { expiresAt }),
    storedIn: store.kind,
    inUse: known?.inUse ?? !others.some(({ inUse }) => inUse),
    lastTest: lastTestOf(test, work.nowMs()),
  };
  const record: KeyRecord =
    venueKey.venue === 'paradex'
      ? { venue: 'paradex', endpoint: venueKey.endpoint, ...common }
      : { venue: 'vest', endpoint: venueKey.endpoint, ...common };
  await writeSecret(store, record, venueKey);
  try {
    await book.change((records) => withRecord(records, record));
  } catch (error) {
    // A secret nobody knows of is worse than none.
    if (!known) await deleteSecret(store, record.id);
    throw error;
  }
  return record;
}

export function lastTestOf(test: KeyTest, at: number): NonNullable<KeyRecord['lastTest']> {
  const { accountValueUsd, roundTripMs, signatureChecked } = test;
  return { at, roundTripMs, signatureChecked, ...(accountValueUsd !== undefined && { accountValueUsd }) };
}

/** Hex of the same number: case and leading zeros differ between clients. */
function sameKey(a: string, b: string): boolean {
  const isHex = (text: string) => /^0x[0-9a-fA-F]+$/.test(text);
  return isHex(a) && isHex(b) ? BigInt(a) === BigInt(b) : a === b;
}
