import type { ParadexTradingKey, TradingKeys, VestTradingKey } from '../../engine/protocol/accounts.ts';
import type { VenueEndpoints, VenueName } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { KeyRecord } from '../ipc/key-schema.ts';
import { sameSlot, type KeyBook } from './key-book.ts';
import { readSecret, type VenueKey } from './kept-secret.ts';
import type { SecretStore } from './secret-store.ts';
import type { Storage } from './storage/storage.ts';

/** The operator's trading keys: records for everybody to read, secrets for who starts an engine. */
export interface KeyRing {
  /** Every key known, newest first, without its secret. */
  records(): readonly KeyRecord[];
  /** The keys in use at these addresses, without their secrets: what an arming dialog shows. Absent: there is none. */
  inUse(endpoints: VenueEndpoints): { paradex?: KeyRecord; vest?: KeyRecord };
  /**
   * The secrets of the keys in use at these addresses; straight into the engine's hand-over, kept nowhere else.
   * @throws HalfspreadError HS_KEY_MISSING (names the venue), HS_KEY_EXPIRED, HS_KEY_ELSEWHERE (in another storage than
   * the open one), HS_KEY_GONE (deleted from its storage by somebody else), HS_KEY_DAMAGED, HS_KEYCHAIN_* (storage
   * refused, locked, or does not answer)
   */
  tradingKeys(endpoints: VenueEndpoints): Promise<TradingKeys>;
}

export function createKeyRing(book: KeyBook, storage: Pick<Storage, 'open'>, nowMs: () => number): KeyRing {
  const find = <Venue extends VenueName>(venue: Venue, endpoints: VenueEndpoints) =>
    book.records().find((record) => record.inUse && sameSlot(record, slotOf(venue, endpoints)));

  async function secretOf(venue: VenueName, endpoints: VenueEndpoints): Promise<VenueKey> {
    const record = find(venue, endpoints);
    if (!record) throw missing(venue, endpoints);
    if (record.expiresAt !== undefined && record.expiresAt <= nowMs()) throw expired(record);
    const store = storage.open();
    checkPlace(record, store);
    return readSecret(store, record);
  }

  async function paradexKey(endpoints: VenueEndpoints): Promise<ParadexTradingKey> {
    const found = await secretOf('paradex', endpoints);
    if (found.venue !== 'paradex') throw missing('paradex', endpoints);
    return found.key;
  }

  async function vestKey(endpoints: VenueEndpoints): Promise<VestTradingKey> {
    const found = await secretOf('vest', endpoints);
    if (found.venue !== 'vest') throw missing('vest', endpoints);
    return found.key;
  }

  return {
    records: () => book.records(),
    inUse(endpoints) {
      const [paradex, vest] = [find('paradex', endpoints), find('vest', endpoints)];
      return { ...(paradex && { paradex }), ...(vest && { vest }) };
    },
    async tradingKeys(endpoints) {
      const [paradex, vest] = await Promise.all([paradexKey(endpoints), vestKey(endpoints)]);
      return { paradex, vest };
    },
  };
}

/** @throws HalfspreadError HS_KEY_ELSEWHERE when the key is in another storage than the open one. */
export function checkPlace(record: KeyRecord, store: SecretStore): void {
  if (record.storedIn === store.kind) return;
  throw new HalfspreadError(
    'HS_KEY_ELSEWHERE',
    `The key "${record.label}" is kept in another storage (${record.storedIn}) than the one in use (${store.kind}).`,
    'Change the storage back, or delete the key from the list and add it again.',
  );
}

/** @throws nothing: the error for a key past its end. */
export function expired(record: Pick<KeyRecord, 'label' | 'venue' | 'expiresAt'>): HalfspreadError {
  const end = record.expiresAt === undefined ? '' : ` on ${new Date(record.expiresAt).toISOString().slice(0, 16)}Z`;
  return new HalfspreadError(
    'HS_KEY_EXPIRED',
    `The key "${record.label}" ended${end}: ${venueTitle(record.venue)} takes no orders signed with it any more.`,
    'Rotate it: a new key is made and tested, then takes its place.',
  );
}

export function venueTitle(venue: VenueName): string {
  return { paradex: 'Paradex', vest: 'Vest' }[venue];
}

function missing(venue: VenueName, endpoints: VenueEndpoints): HalfspreadError {
  const { network, restUrl } = endpoints[venue];
  return new HalfspreadError(
    'HS_KEY_MISSING',
    `There is no trading key for ${venueTitle(venue)} at ${restUrl} (${network}).`,
    'Add one under "Risk and keys".',
  );
}

function slotOf(venue: VenueName, endpoints: VenueEndpoints): Pick<KeyRecord, 'venue' | 'endpoint'> {
  return { venue, endpoint: endpoints[venue] };
}
