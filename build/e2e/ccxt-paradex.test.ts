import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPracticeParadexAccounts, type PracticeParadexAccount } from '../../engine/practice/paradex/accounts.ts';
import { startPracticeVenues, type PracticeVenues } from '../../engine/practice/process.ts';

const PEERS = new URL('../peers/', import.meta.url);
const areInstalled = existsSync(new URL('node_modules/ccxt/package.json', PEERS));
const why = areInstalled ? '' : ' (skipped: build/peers is not installed, run "npm ci --prefix build/peers")';
const SEED = 1;
const TAKER_RATE = 0.00045;

/** What the script prints. */
interface CcxtRun {
  status: string;
  symbols: string[];
  book: { bid: [number, number]; ask: [number, number]; nonce: number };
  open: { status: string; price: number; amount: number; clientOrderId: string };
  cancelled: { status: string; filled: number; reason: string };
  fill: { price: number; amount: number; side: string; takerOrMaker: string; fee: { cost: number; currency: string } };
  position: { side: string; contracts: number; entryPrice: number };
  orders: { id: string; status: string }[];
  balances: { before: number; after: number };
}

describe.skipIf(!areInstalled)(`ccxt's Paradex client against the practice venue${why}`, () => {
  let venues: PracticeVenues;

  beforeAll(async () => {
    venues = await startPracticeVenues({
      tape: 'btc-usdm-coinm',
      network: 'none',
      fees: { kind: 'published' },
      seed: SEED,
    });
  });
  afterAll(() => venues.stop());

  async function runCcxt({ ethPrivateKey, ethAddress }: PracticeParadexAccount): Promise<CcxtRun> {
    const script = fileURLToPath(new URL('ccxt-paradex.mjs', PEERS));
    const { restUrl } = venues.description.paradex;
    const { stdout } = await promisify(execFile)(process.execPath, [script, restUrl, ethPrivateKey, ethAddress]);
    return JSON.parse(stdout) as CcxtRun;
  }

  function expectWholeSession(run: CcxtRun): void {
    expect(run).toMatchObject({
      status: 'ok',
      symbols: ['BTC/USD:USDC'],
      open: { status: 'open', amount: 0.01, clientOrderId: 'ccxt-limit' },
      cancelled: { status: 'canceled', filled: 0, reason: 'USER_CANCELED' },
      fill: { side: 'buy', takerOrMaker: 'taker', fee: { currency: 'USDC' } },
      position: { side: 'long', contracts: 0.01 },
      orders: [{ status: 'CLOSED' }, { status: 'CLOSED' }],
    });
    expect(run.book.bid[0]).toBeLessThan(run.book.ask[0]);
    expect(run.open.price).toBeLessThan(run.book.bid[0]);
    expect(run.fill.amount).toBeCloseTo(0.01, 9);
    expect(run.position.entryPrice).toBeCloseTo(run.fill.price, 6);
    expect(run.fill.fee.cost).toBeCloseTo(run.fill.price * run.fill.amount * TAKER_RATE, 8);
    expect(run.balances.before - run.balances.after).toBeCloseTo(run.fill.fee.cost, 6);
  }

  it('trades on an account the venue knows', async () => {
    expectWholeSession(await runCcxt(venues.description.paradex.accounts[0]!));
  });

  it('derives, onboards and trades on an account the venue has never seen', async () => {
    const known = venues.description.paradex.accounts.length;
    const stranger = createPracticeParadexAccounts(known + 1, SEED).at(-1)!;
    expectWholeSession(await runCcxt(stranger));
  });
});
