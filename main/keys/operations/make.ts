/** New trading keys, made with the wide key, which is asked for, used for this alone, and kept nowhere. */
import type { ParadexTradingKey } from '../../../engine/protocol/accounts.ts';
import { HalfspreadError, toWireError } from '../../../engine/protocol/errors.ts';
import type { ParadexEndpoint } from '../../../engine/protocol/endpoints.ts';
import type { IpcInput } from '../../ipc/schema.ts';
import type { KeyRecord } from '../../ipc/key-schema.ts';
import { askKey } from './ask-keys.ts';
import { keepKey } from './keep.ts';
import type { KeyWork } from './key-work.ts';

const DAY_MS = 86_400_000;

/** Makes a Paradex subkey. */
export async function makeSubkey(work: KeyWork, { endpoint, label, account }: IpcInput<'keys.make'>): Promise<void> {
  const mainKey = await askMainKey(work, endpoint, account);
  await makeSubkeyWith(work, mainKey, endpoint, label);
}

export async function askMainKey(
  work: KeyWork,
  endpoint: ParadexEndpoint,
  account: string,
): Promise<ParadexTradingKey> {
  return { accountAddress: account, privateKey: await askKey(work, 'paradexMainKey', endpoint, account) };
}

/** One that cannot be kept is revoked again: it would work with nobody knowing of it. */
export async function makeSubkeyWith(
  work: KeyWork,
  mainKey: ParadexTradingKey,
  endpoint: ParadexEndpoint,
  label: string,
): Promise<KeyRecord> {
  work.step('making');
  const made = await work.venues.makeSubkey(endpoint, mainKey, label);
  const venueKey = { venue: 'paradex', endpoint, key: made.key } as const;
  try {
    return await keepKey(work, { venueKey, label, origin: 'madeHere' }, made.test);
  } catch (error) {
    throw await unmade(work, mainKey, endpoint, made.publicKey, error);
  }
}

/** @throws HalfspreadError what the venue says */
export async function revokeSubkey(
  work: KeyWork,
  mainKey: ParadexTradingKey,
  endpoint: ParadexEndpoint,
  publicKey: string,
): Promise<void> {
  work.step('revoking');
  await work.venues.revokeSubkey(endpoint, mainKey, publicKey);
}

/** Makes and registers a Vest signing key. */
export async function registerSigningKey(
  work: KeyWork,
  { endpoint, label, account, days }: IpcInput<'keys.register'>,
): Promise<KeyRecord> {
  const primaryKey = await askKey(work, 'vestPrimaryKey', endpoint, account);
  work.step('making');
  const expiresAt = work.nowMs() + days * DAY_MS;
  const made = await work.venues.register(endpoint, primaryKey, expiresAt);
  if (made.key.primaryAddress.toLowerCase() !== account.toLowerCase())
    throw otherWallet(account, made.key.primaryAddress);
  const venueKey = { venue: 'vest', endpoint, key: made.key } as const;
  return keepKey(work, { venueKey, label, origin: 'madeHere' }, made.test);
}

function otherWallet(meant: string, was: string): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_OTHER_WALLET',
    `The primary key belongs to the wallet ${was}, not to ${meant}. The signing key that was registered for it was thrown away.`,
    'Start again with the primary key of the wallet you mean.',
  );
}

async function unmade(
  work: KeyWork,
  mainKey: ParadexTradingKey,
  endpoint: ParadexEndpoint,
  publicKey: string,
  cause: unknown,
): Promise<HalfspreadError> {
  const { message, remedy } = toWireError(cause);
  try {
    await revokeSubkey(work, mainKey, endpoint, publicKey);
  } catch (error) {
    return new HalfspreadError(
      'HS_KEY_NOT_KEPT',
      `A subkey was made but could not be kept: ${message} Revoking it failed as well (${toWireError(error).message}). Nobody has its private key.`,
      `Revoke the subkey ${publicKey} on Paradex’s own page. ${remedy}`,
      { cause },
    );
  }
  return new HalfspreadError(
    'HS_KEY_NOT_KEPT',
    `A subkey was made but could not be kept: ${message} It was revoked again.`,
    remedy,
    { cause },
  );
}
