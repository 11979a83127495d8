import { computeAddress } from 'ethers';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { z } from 'zod';
import { parseVenueSet } from '../../engine/desk/venue-set.ts';
import { venueEndpointsSchema } from '../../engine/protocol/endpoints.ts';
import type { PracticeVenues } from '../proof/practice-venues.ts';
import type { WindowCalls } from './window-calls.ts';

const DAY_MS = 86_400_000;
export const PRODUCTION_CONTRACT = '0x919386306C47b2Fe1036e3B4F7C40D22D2461a23';
/** The wallet of the practice account; the engine is never told of it. */
const primarySchema = z.object({ accounts: z.array(z.object({ primaryPrivateKey: z.string() })).min(1) });
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 60_000, interval: 100 });

/** Runs `halfspread secret` as another terminal of the same user would. */
async function handOver(home: string, secret: string): Promise<void> {
  const child = spawn(process.execPath, ['build/halfspread.mjs', 'secret', '--wait', '60s'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, HALFSPREAD_HOME: home },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.end(`${secret}\n`);
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, said).toBe(0);
}

/**
 * Gives a running program the practice venues' first account: a Paradex subkey made with its main key, and its Vest signing
 * key; kept for this run of the program alone. The custom addresses must be set.
 */
export async function addDeskKeys(home: string, main: WindowCalls, venues: PracticeVenues): Promise<void> {
  const { modes } = await main.call('modes.open', {});
  const { paradex, vest } = modes.endpoints;
  const endpoints = venueEndpointsSchema.parse({
    paradex: { network: 'custom', ...paradex.custom },
    vest: { network: 'custom', ...vest.custom, verifyingContract: PRODUCTION_CONTRACT },
  });
  const accounts = parseVenueSet(venues.description);
  const [account] = accounts.paradex.accounts;
  const [signer] = accounts.vest.accounts;
  const { primaryPrivateKey } = primarySchema.parse(venues.description['vest']).accounts[0]!;
  const keys = async () => (await main.call('keys.open', {})).keys;

  await main.call('keys.storage', { kind: 'session' });
  await eventually(async () => (await keys()).storage).toMatchObject({ kind: 'session', state: 'ready' });
  await main.call('keys.make', { endpoint: endpoints.paradex, label: 'subkey', account: account!.address });
  await handOver(home, account!.l2PrivateKey);
  await eventually(async () => (await keys()).operation).toMatchObject({ state: 'done' });
  expect((await keys()).keys).toHaveLength(1);
  await main.call('keys.add', {
    venue: 'vest',
    endpoint: endpoints.vest,
    label: 'signer',
    account: computeAddress(primaryPrivateKey),
    accountGroup: 0,
    expiresAt: Date.now() + DAY_MS,
  });
  await handOver(home, signer!.signingPrivateKey);
  await handOver(home, signer!.apiKey);
  await eventually(async () => (await keys()).operation).toMatchObject({ state: 'done' });
  expect((await keys()).keys).toHaveLength(2);
}
