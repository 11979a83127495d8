import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { KeyRecord } from '../../ipc/key-schema.ts';
import type { IpcInput } from '../../ipc/schema.ts';
import type { VenueKey } from '../kept-secret.ts';
import { askKey } from './ask-keys.ts';
import { keepKey, testKey } from './keep.ts';
import type { KeyWork } from './key-work.ts';

/** What the person wrote into the window of a key that exists: its public parts. */
export type ExistingKey = IpcInput<'keys.add'>;

/** Asks for an existing key, tests it, keeps it. */
export async function addKey(work: KeyWork, existing: ExistingKey): Promise<void> {
  const venueKey = await askExisting(work, existing);
  const test = await testKey(work, venueKey, existing.label);
  await keepKey(work, { venueKey, label: existing.label, origin: 'pasted' }, test);
}

/** @throws HalfspreadError HS_KEY_CANCELLED, HS_SECRET_... */
export async function askExisting(work: KeyWork, existing: ExistingKey): Promise<VenueKey> {
  const { account } = existing;
  if (existing.venue === 'paradex') {
    const privateKey = await askKey(work, 'paradexKey', existing.endpoint, account);
    return { venue: 'paradex', endpoint: existing.endpoint, key: { accountAddress: account, privateKey } };
  }
  const signingPrivateKey = await askKey(work, 'vestSigningKey', existing.endpoint, account);
  const apiKey = await askKey(work, 'vestApiKey', existing.endpoint, account);
  const { accountGroup, expiresAt } = existing;
  return {
    venue: 'vest',
    endpoint: existing.endpoint,
    key: { primaryAddress: account, signingPrivateKey, apiKey, accountGroup, expiresAt },
  };
}

/** Another key of the same account at the same address. @throws HalfspreadError HS_KEY_INCOMPLETE */
export function addressedAs(
  old: KeyRecord,
  { accountGroup, expiresAt }: { accountGroup?: number | undefined; expiresAt?: number | undefined },
): ExistingKey {
  const { label, account } = old;
  if (old.venue === 'paradex') return { venue: 'paradex', endpoint: old.endpoint, label, account };
  if (accountGroup === undefined || expiresAt === undefined) {
    throw new HalfspreadError(
      'HS_KEY_INCOMPLETE',
      'A Vest signing key needs its account group and the end of its registration.',
      'Fill in both; Vest gave them when the key was registered.',
    );
  }
  return { venue: 'vest', endpoint: old.endpoint, label, account, accountGroup, expiresAt };
}
