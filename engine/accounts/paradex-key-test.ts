import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import type { KeyTest, ParadexTradingKey } from '../protocol/accounts.ts';
import type { ParadexEndpoint } from '../protocol/endpoints.ts';
import { ParadexRestError } from '../venues/paradex/rest.ts';
import type { Account, Subkey } from '../venues/paradex/wire.ts';
import { paradexFailure } from './paradex-errors.ts';
import { isSameFelt, logIn, type ParadexLogin } from './paradex-login.ts';
import type { VenueLine } from './venue-line.ts';

/**
 * Logs in with a key and reads its account: whose it is, what it may do, what the account is worth. Changes nothing.
 * @throws HalfspreadError see logIn; HS_PARADEX_SUBKEY_INACTIVE
 */
export async function testParadexKey(
  env: Pick<Env, 'clock'>,
  line: VenueLine,
  endpoint: ParadexEndpoint,
  key: ParadexTradingKey,
): Promise<KeyTest> {
  const login = await logIn(env, line, endpoint, key);
  try {
    const account = await login.rest.account();
    checkAccount(account, key.accountAddress);
    const { kind, mayWithdraw } = await kindOf(login);
    return {
      accountAddress: account.account,
      publicKey: login.publicKey,
      kind,
      mayWithdraw,
      signatureChecked: true,
      accountValueUsd: account.account_value,
      roundTripMs: line.medianRoundTripMs() ?? 0,
    };
  } catch (error) {
    throw paradexFailure(error, key.accountAddress);
  }
}

/** What logged in: the account's owner, or a subkey, which trades and cannot withdraw, transfer or manage keys (paradex.md 3.3). */
export async function kindOf(login: ParadexLogin): Promise<Pick<KeyTest, 'kind' | 'mayWithdraw'>> {
  if (login.isOwner) return { kind: 'mainKey', mayWithdraw: 'yes' };
  const subkeys = await unlessRefused(login.rest.subkeys());
  // Only a subkey could be refused the list.
  if (subkeys === undefined) return { kind: 'subkey', mayWithdraw: 'no' };
  const subkey = subkeys.find((each) => isSameFelt(each.public_key, login.publicKey));
  if (subkey !== undefined) {
    if (!isActive(subkey)) throw inactive(subkey.state ?? '');
    return { kind: 'subkey', mayWithdraw: 'no' };
  }
  const mainPublicKey = await unlessRefused(login.rest.mainPublicKey());
  const isMain = mainPublicKey !== undefined && isSameFelt(mainPublicKey, login.publicKey);
  // It logs in and is no subkey: whatever else it is, it is treated as wide.
  return { kind: 'mainKey', mayWithdraw: isMain ? 'yes' : 'unknown' };
}

async function unlessRefused<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ParadexRestError && (error.status === 401 || error.status === 403)) return undefined;
    throw error;
  }
}

function checkAccount(account: Account, accountAddress: string): void {
  if (isSameFelt(account.account, accountAddress)) return;
  throw new HalfspreadError(
    'HS_PARADEX_OTHER_ACCOUNT',
    `This key logs in to the Paradex account ${account.account}, not to ${accountAddress}.`,
    'Give the account address that belongs to the key.',
  );
}

/** Documented states are "active" and "pending"; how a revoked one is listed, if at all, is unconfirmed. */
export function isActive({ state = 'active' }: Subkey): boolean {
  return state.toLowerCase() === 'active';
}

function inactive(state: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_SUBKEY_INACTIVE',
    `Paradex knows this subkey, but it is not active (its state is "${state}").`,
    'Activate it in the Paradex window, or make a new one.',
  );
}
