/** What stands in the storage under a key's name: the key, and a copy of its record for the day the list is lost. */
import { z } from 'zod';
import {
  paradexTradingKeySchema,
  vestTradingKeySchema,
  type ParadexTradingKey,
  type VestTradingKey,
} from '../../engine/protocol/accounts.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { ParadexEndpoint, VestEndpoint } from '../../engine/protocol/endpoints.ts';
import { keyRecordSchema, type KeyRecord } from '../ipc/key-schema.ts';
import type { SecretStore } from './secret-store.ts';

/** A trading key and where it is for. */
export type VenueKey =
  | { venue: 'paradex'; endpoint: ParadexEndpoint; key: ParadexTradingKey }
  | { venue: 'vest'; endpoint: VestEndpoint; key: VestTradingKey };

const keptSchema = z.strictObject({
  version: z.literal(1),
  record: keyRecordSchema,
  key: z.union([vestTradingKeySchema, paradexTradingKeySchema]),
});

const PREFIX = 'trading/';
const nameOf = (id: string) => `${PREFIX}${id}`;

export async function writeSecret(store: SecretStore, record: KeyRecord, { key }: VenueKey): Promise<void> {
  // What changes often is left to the list.
  const { lastTest: _test, expiryTold: _told, ...lasting } = record;
  await store.set(nameOf(record.id), JSON.stringify({ version: 1, record: lasting, key }));
}

/** @throws HalfspreadError HS_KEY_GONE when it is not in the storage, HS_KEY_DAMAGED, HS_KEYCHAIN_... */
export async function readSecret(store: SecretStore, record: KeyRecord): Promise<VenueKey> {
  const kept = parse(await store.get(nameOf(record.id)), record.label);
  const venueKey = venueKeyOf(record, kept.key);
  if (!venueKey) throw damaged(record.label);
  return venueKey;
}

/** The record a secret was kept with. @throws HalfspreadError HS_KEY_GONE, HS_KEY_DAMAGED */
export async function readKeptRecord(store: SecretStore, id: string): Promise<KeyRecord> {
  return parse(await store.get(nameOf(id)), id).record;
}

/** Resolves once it is proven gone; false when there was none. */
export function deleteSecret(store: SecretStore, id: string): Promise<boolean> {
  return store.delete(nameOf(id));
}

/** Ids of the keys in the storage. */
export async function listSecrets(store: SecretStore): Promise<Set<string>> {
  const names = await store.list();
  return new Set(names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)));
}

/** Takes a secret to another storage: there and proven there, before it is gone here. */
export async function moveSecret(from: SecretStore, to: SecretStore, id: string): Promise<void> {
  const value = await from.get(nameOf(id));
  if (value === undefined) return;
  await to.set(nameOf(id), value);
  await from.delete(nameOf(id));
}

function venueKeyOf(record: KeyRecord, key: ParadexTradingKey | VestTradingKey): VenueKey | undefined {
  if (record.venue === 'paradex' && 'accountAddress' in key) {
    return { venue: 'paradex', endpoint: record.endpoint, key };
  }
  if (record.venue === 'vest' && 'signingPrivateKey' in key) return { venue: 'vest', endpoint: record.endpoint, key };
  return undefined;
}

function parse(text: string | undefined, label: string): z.infer<typeof keptSchema> {
  if (text === undefined) {
    throw new HalfspreadError(
      'HS_KEY_GONE',
      `The key "${label}" is not in its storage any more: somebody or something else deleted it.`,
      'Delete it from the list, then add it again or make a new one. At the venue it still works until it is revoked there.',
    );
  }
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    // No cause: it could quote the key.
    throw damaged(label);
  }
}

function damaged(label: string): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_DAMAGED',
    `What the storage holds for the key "${label}" was changed by something else and cannot be used.`,
    'Delete it from the list, then add it again or make a new one.',
  );
}
