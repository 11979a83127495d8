/** The accounts program and `halfspread probe` as they ship, against the practice venues as they ship. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseVenueSet } from '../../engine/desk/venue-set.ts';
import type { ParadexTradingKey } from '../../engine/protocol/accounts.ts';
import type { VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import { accountsResultSchemas } from '../../engine/protocol/accounts.ts';
import { VEST_VERIFYING_CONTRACTS } from '../../engine/venues/vest/register.ts';
import { askAccounts } from '../../main/engines/accounts-client.ts';
import { launchNodeProcess } from '../../main/shell/browser/node-launcher.ts';
import { startVenues, type PracticeVenues } from '../proof/practice-venues.ts';
import { createHome, lastJson, runCli, type Home } from '../proof/program.ts';

const ACCOUNTS = fileURLToPath(new URL('../../dist/engine/accounts.mjs', import.meta.url));

let home: Home;
let venues: PracticeVenues;
let endpoints: VenueEndpoints;
let mainKey: ParadexTradingKey;

beforeAll(async () => {
  home = await createHome();
  venues = await startVenues(home, ['--network', 'none']);
  const { paradex, vest } = parseVenueSet(venues.description);
  const { restUrl, wsUrl } = paradex;
  endpoints = {
    paradex: { network: 'custom', restUrl, wsUrl },
    vest: {
      network: 'custom',
      restUrl: vest.restUrl,
      wsUrl: vest.wsUrl,
      verifyingContract: VEST_VERIFYING_CONTRACTS.production,
    },
  };
  mainKey = { accountAddress: paradex.accounts[0]!.address, privateKey: paradex.accounts[0]!.l2PrivateKey };
});
afterAll(async () => {
  await venues.stop();
  await home.remove();
});

describe('halfspread probe', () => {
  const addresses = () => [
    ...['--paradex-rest', endpoints.paradex.restUrl, '--paradex-ws', endpoints.paradex.wsUrl],
    ...['--vest-rest', endpoints.vest.restUrl, '--vest-ws', endpoints.vest.wsUrl],
    ...['--vest-contract', endpoints.vest.verifyingContract],
  ];

  it('says that both can be used, for a person and as JSON', async () => {
    const person = await runCli(['probe', ...addresses()], home);
    expect(person.code, person.stderr).toBe(0);
    expect(person.stdout).toMatch(/Paradex, API v1, usable/);
    expect(person.stdout).toMatch(/Vest, API v2, usable/);
    const program = await runCli(['probe', ...addresses(), '--json'], home);
    const { venues: probes } = accountsResultSchemas.probe.parse(lastJson(program));
    expect(probes.map(({ usable }) => usable)).toEqual([true, true]);
  });

  it('exits with 1 and says why when one cannot', async () => {
    const args = addresses().map((arg) => (arg === endpoints.vest.restUrl ? endpoints.paradex.restUrl : arg));
    const ended = await runCli(['probe', ...args], home);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/HS_VEST_NOT_V2.*\n +What to do/);
  });

  it('refuses addresses that cannot be used', async () => {
    const ended = await runCli(['probe', '--paradex-rest', 'http://127.0.0.1:1/v1'], home);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/HS_BAD_ENDPOINT: .*--paradex-ws.*missing/);
  });
});

describe('the accounts program as it ships', () => {
  it('makes, tests and revokes a Paradex subkey', async () => {
    const endpoint = endpoints.paradex;
    const made = await askAccounts(launchNodeProcess, ACCOUNTS, {
      task: 'paradex.makeSubkey',
      endpoint,
      mainKey,
      name: 'desk',
    });
    const { key, publicKey } = made;
    expect(await askAccounts(launchNodeProcess, ACCOUNTS, { task: 'paradex.test', endpoint, key })).toMatchObject({
      kind: 'subkey',
      mayWithdraw: 'no',
    });
    await askAccounts(launchNodeProcess, ACCOUNTS, { task: 'paradex.revokeSubkey', endpoint, mainKey, publicKey });
    await expect(
      askAccounts(launchNodeProcess, ACCOUNTS, { task: 'paradex.test', endpoint, key }),
    ).rejects.toMatchObject({ code: 'HS_PARADEX_KEY_UNKNOWN' });
  });

  it('registers and tests a Vest signing key', async () => {
    const endpoint = endpoints.vest;
    const { key } = await askAccounts(launchNodeProcess, ACCOUNTS, {
      task: 'vest.register',
      endpoint,
      primaryKey: `0x${'5a'.repeat(32)}`,
      expiresAt: Date.now() + 86_400_000,
    });
    expect(await askAccounts(launchNodeProcess, ACCOUNTS, { task: 'vest.test', endpoint, key })).toMatchObject({
      kind: 'signingKey',
      accountAddress: key.primaryAddress,
    });
  });
});
