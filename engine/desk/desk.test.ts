import { beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import { Desk } from '../desk.ts';
import { buildHistory } from '../journal/history.ts';
import { openJournal, readRecords } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/record.ts';
import { createOrderIds } from '../journal/order-ids.ts';
import { createVirtualEnv, type VirtualEnv } from '../simulation/virtual-env.ts';
import type { OrderIds } from '../venues/venue.ts';
import { openOperatorLog } from './operator-log.ts';
import { RECEIVE_WINDOW_MS } from './plan.ts';
import { ScriptedVenue } from './scripted-venue.test-helper.ts';

const CONFIG = configSchema.parse({
  bots: [
    {
      id: 'test',
      pair: 'BTC',
      dex_a: 'vest',
      dex_b: 'paradex',
      spread_entry: 0.05,
      spread_exit: -0.02,
      leverage: 5,
      position_size: 0.1,
    },
  ],
  risk: { max_duration_hours: 0.05 },
});
const MAX_DURATION_HOURS = 0.05;
const FOLDER = '/data';

let virtual: VirtualEnv;
let vest: ScriptedVenue;
let paradex: ScriptedVenue;
let desk: Desk;
/** The market a starting desk sees. */
let quoteMarket = quoteFlat;

/** Starts a desk on the journal the disk holds; the venues' truth is carried over when there were venues before. */
async function startDesk(instance = 'venues-1'): Promise<void> {
  const before = { vest, paradex };
  if (before.vest) virtual = await afterKill(virtual);
  const { env } = virtual;
  const { journal, records } = await openJournal(env, FOLDER);
  const history = buildHistory(records);
  const ids: OrderIds = await createOrderIds(env, journal, records);
  const setting = {
    engineVersion: 'test',
    bootId: 'b',
    mode: 'practice' as const,
    network: 'none',
    tape: 'scripted',
    fees: { kind: 'published' as const, roundTripBps: 2 },
    dataFolder: FOLDER,
  };
  journal.append({
    kind: 'started',
    bootId: 'b',
    version: 'test',
    mode: 'practice',
    network: 'none',
    tape: 'scripted',
    venuesInstance: instance,
  });
  desk = new Desk({
    env,
    bot: CONFIG.bots[0]!,
    risk: CONFIG.risk,
    setting,
    symbols: { A: 'BTC', B: 'BTC' },
    journal,
    history,
    venuesInstance: instance,
    log: await openOperatorLog(env, FOLDER),
    tapeEndsAtWallMs: () => undefined,
    createVenue: (leg, listener) => {
      const venue = new ScriptedVenue(
        env,
        leg === 'A' ? 'vest' : 'paradex',
        leg === 'A' ? 'rest' : 'websocket',
        ids,
        listener,
      );
      if (leg === 'A') vest = venue;
      else paradex = venue;
      return venue;
    },
  });
  if (before.vest && instance === 'venues-1') {
    carryOver(before.vest, vest);
    carryOver(before.paradex, paradex);
  }
  const starting = desk.start();
  quoteMarket();
  // A desk that recovers waits for books and answers.
  for (let i = 0; i < 1_000; i++) {
    await wait(10);
    if (desk.snapshot().trading !== 'starting') break;
    quoteMarket();
  }
  await starting;
  // Changes of a trade reach the snapshot within 20 ms.
  await wait(50);
}

/** What a killed process leaves: its files, nothing else. Nothing of the old one runs on. */
async function afterKill(killed: VirtualEnv): Promise<VirtualEnv> {
  const next = createVirtualEnv({ seed: 2, startWallMs: killed.env.clock.wallMs() + 500, routes: new Map() });
  await next.env.disk.makeDirectory(FOLDER);
  for (const name of await killed.env.disk.list(FOLDER)) {
    await next.env.disk.writeAtomically(`${FOLDER}/${name}`, await killed.env.disk.readText(`${FOLDER}/${name}`));
  }
  return next;
}

function carryOver(from: ScriptedVenue, to: ScriptedVenue): void {
  to.positionE8 = from.positionE8;
  to.truthFills.push(...from.truthFills);
  to.orders.push(...from.orders);
}

async function wait(ms: number): Promise<void> {
  await virtual.run(virtual.env.clock.monotonicMs() + ms);
}

/** Neither an entry nor an exit: closing would cost 3.3 bps. */
function quoteFlat(): void {
  paradex.quote(60_000, 60_020);
  vest.quote(60_000, 60_020);
}

/** Paradex bids 100 above Vest's ask: 16 bps for buying Vest and selling Paradex. */
function quoteEntry(): void {
  vest.quote(60_000, 60_010);
  paradex.quote(60_110, 60_120);
}

/** Closing is possible: Vest's bid at Paradex's ask. */
function quoteExit(): void {
  vest.quote(60_050, 60_060);
  paradex.quote(60_040, 60_050);
}

async function journalled(kind: string): Promise<Record<string, unknown>[]> {
  const records = await readRecords(virtual.env.disk, FOLDER);
  return records.map((record) => record.entry).filter((entry) => entry.kind === kind) as Record<string, unknown>[];
}

/** The journal as a kill at another moment would have left it: without these lines. */
async function forget(isLost: (entry: JournalEntry) => boolean): Promise<void> {
  const { env } = virtual;
  const kept = (await readRecords(env.disk, FOLDER)).map(({ entry }) => entry).filter((entry) => !isLost(entry));
  await env.disk.writeAtomically(`${FOLDER}/journal.jsonl`, '');
  const { journal } = await openJournal(env, FOLDER);
  for (const entry of kept) journal.append(entry);
  await journal.close();
}

const latest = () => desk.snapshot().trades[0]!;
const netTruthE8 = (): number => vest.positionE8 + paradex.positionE8;

beforeEach(async () => {
  vest = undefined as unknown as ScriptedVenue;
  quoteMarket = quoteFlat;
  virtual = createVirtualEnv({ seed: 1, startWallMs: 1_795_000_000_000, routes: new Map() });
  await startDesk();
});

describe('a desk', () => {
  it('enters both legs on a signal, the REST leg first, and leaves when the way back is cheap enough', async () => {
    quoteEntry();
    expect([vest.orders.length, paradex.orders.length]).toEqual([1, 1]);
    await wait(100);
    expect(latest()).toMatchObject({ state: 'OPEN', direction: 'AOverB', longVenue: 'vest', shortVenue: 'paradex' });
    expect([vest.positionE8, paradex.positionE8]).toEqual([1e7, -1e7]);
    quoteExit();
    await wait(3_000);
    expect(latest().state).toBe('FLAT');
    expect(netTruthE8()).toBe(0);
    expect([vest.positionE8, paradex.positionE8]).toEqual([0, 0]);
    // Bought 60010 sold 60110 at the entry, sold 60050 bought 60050 at the exit: 0.1 x (100 + 0).
    expect(latest().grossE8).toBe(1_000_000_000 + 0);
    expect(latest().netE8).toBe(latest().grossE8! - latest().feesE8!);
    expect(desk.snapshot().statistics).toMatchObject({ entries: 1, exits: 1, unwound: 0 });
    expect(await desk.ledger()).toMatchObject({ fills: 4, matched: 4, lost: 0, doubled: 0, differing: 0, invented: 0 });
    expect(await journalled('fill')).toHaveLength(4);
    expect(vest.orders[1]!.request.reduceOnly).toBe(true);
  });

  it('measures the episode: detection spread, slippage 0 when filled at the touch, order to confirm of the slower leg', async () => {
    quoteEntry();
    await wait(100);
    const { entry } = latest();
    expect(entry.detectionSpreadBps).toBeCloseTo(((60_110 - 60_010) / 60_010) * 1e4, 6);
    expect(entry.slippageBps).toBeCloseTo(0, 9);
    expect(entry.orderToConfirmMs).toBeCloseTo(20, 3);
    expect(entry.legs.map((leg) => leg.venue).sort()).toEqual(['paradex', 'vest']);
  });

  it('unwinds a filled leg reduce-only when the other one is rejected', async () => {
    paradex.script = [{ does: 'reject' }];
    quoteEntry();
    await wait(4_000);
    expect(latest().state).toBe('FLAT');
    expect([vest.positionE8, paradex.positionE8]).toEqual([0, 0]);
    expect(vest.orders.map((order) => order.request.reduceOnly)).toEqual([false, true]);
    expect(desk.snapshot().statistics).toMatchObject({ entries: 0, unwound: 1 });
    expect(latest().netE8).toBeLessThan(0);
  });

  it('takes silence for doubt, asks only after the receive window, and never sends again under a new id', async () => {
    paradex.script = [{ does: 'stay silent', butFilled: true }];
    quoteEntry();
    await wait(RECEIVE_WINDOW_MS);
    expect(paradex.orders).toHaveLength(1);
    expect(paradex.orders[0]!.queries).toBe(0);
    await wait(4_000);
    expect(paradex.orders).toHaveLength(1);
    expect(paradex.orders[0]!.queries).toBeGreaterThan(0);
    expect(latest().state).toBe('OPEN');
    expect(await desk.ledger()).toMatchObject({ fills: 2, matched: 2 });
  });

  it('unwinds the other leg when the venue has no trace of the doubtful one', async () => {
    paradex.script = [{ does: 'stay silent', butFilled: false }];
    quoteEntry();
    await wait(10_000);
    expect(latest().state).toBe('FLAT');
    expect([vest.positionE8, paradex.positionE8]).toEqual([0, 0]);
  });

  it('tells a person once when a leg stays naked for longer than the limit', async () => {
    paradex.script = [{ does: 'stay silent', butFilled: true, queriesFail: 3 }];
    quoteEntry();
    await wait(9_000);
    const told = desk.snapshot().notices.filter((notice) => notice.code === 'HS_UNHEDGED');
    expect(told).toHaveLength(1);
    expect(told[0]!.level).toBe('error');
  });

  it('does not take a failed query for an answer', async () => {
    paradex.script = [{ does: 'stay silent', butFilled: true, queriesFail: 3 }];
    quoteEntry();
    await wait(4_500);
    expect(latest().state).toBe('DOUBT');
    await wait(10_000);
    expect(latest().state).toBe('OPEN');
    expect(netTruthE8()).toBe(0);
  });

  it('cuts a partly filled entry down to its smaller leg', async () => {
    paradex.script = [{ does: 'fill', part: 0.4 }];
    quoteEntry();
    await wait(4_000);
    expect(latest().state).toBe('OPEN');
    expect([vest.positionE8, paradex.positionE8]).toEqual([4e6, -4e6]);
  });

  it('sends neither leg when one cannot be built', async () => {
    paradex.prepares = 'fails';
    quoteEntry();
    await wait(500);
    expect([vest.orders.length, paradex.orders.length]).toEqual([0, 0]);
    expect(
      desk
        .snapshot()
        .notices.map((notice) => notice.message)
        .join(),
    ).toContain('no signer');
  });

  it('unwinds the first leg when the second can not be written', async () => {
    paradex.sendThrows = true;
    quoteEntry();
    await wait(4_000);
    expect(latest().state).toBe('FLAT');
    expect([vest.positionE8, paradex.positionE8]).toEqual([0, 0]);
  });

  it('journals each intent before anything else of its order', async () => {
    quoteEntry();
    await wait(100);
    const records = await readRecords(virtual.env.disk, FOLDER);
    const ofOrders = records.map(({ entry }) => entry).filter((entry) => 'orderId' in entry);
    const first = new Map<number, string>();
    for (const entry of ofOrders) if (!first.has(entry.orderId)) first.set(entry.orderId, entry.kind);
    expect([...first.values()]).toEqual(['intent', 'intent']);
  });

  it('hands both legs over back to back although one signature comes later', async () => {
    paradex.prepares = 'later';
    quoteEntry();
    await wait(100);
    expect(vest.orders[0]!.sentAtMs).toBe(paradex.orders[0]!.sentAtMs);
    expect(latest().state).toBe('OPEN');
  });

  it('refuses an entry on an old book and keeps the opportunity as missed, with the reason', async () => {
    await wait(3_000);
    paradex.quote(60_110, 60_120);
    await wait(10);
    quoteFlat();
    await wait(10);
    expect(vest.orders).toHaveLength(0);
    expect(desk.snapshot().missed[0]).toMatchObject({ reason: 'BOOK_STALE', direction: 'AOverB' });
  });

  it('opens nothing while paused, but still closes', async () => {
    quoteEntry();
    await wait(100);
    await desk.execute({ name: 'pause' });
    quoteExit();
    await wait(3_000);
    expect(latest().state).toBe('FLAT');
    quoteEntry();
    await wait(100);
    expect(vest.orders).toHaveLength(2);
    await desk.execute({ name: 'start' });
    quoteEntry();
    await wait(100);
    expect(vest.orders).toHaveLength(3);
  });

  it('writes a line about the open position every ten seconds, and closes one that lasts too long', async () => {
    quoteEntry();
    for (let second = 0; second < 35; second++) {
      await wait(1_000);
      quoteEntry();
    }
    const lines = (await virtual.env.disk.readText(`${FOLDER}/events.jsonl`)).split('\n');
    const monitored = lines.filter((line) => line.includes('"POSITION_MONITORING"'));
    expect(monitored.length).toBeGreaterThanOrEqual(3);
    expect(JSON.parse(monitored[0]!)).toMatchObject({
      event: 'POSITION_MONITORING',
      trade_id: 1,
      pair: 'BTC',
      direction: 'AOverB',
    });
    expect(latest().state).toBe('OPEN');
    await wait(MAX_DURATION_HOURS * 3_600_000);
    quoteFlat();
    await wait(5_000);
    expect(latest().state).toBe('FLAT');
  });

  it('closes everything on command, at any price of the book', async () => {
    quoteEntry();
    await wait(100);
    const closing = desk.execute({ name: 'closeAll' });
    await wait(5_000);
    expect(await closing).toEqual({ closed: true });
    expect(netTruthE8()).toBe(0);
    expect(vest.positionE8).toBe(0);
    expect(desk.snapshot().trading).toBe('paused');
  });
});

describe('a desk that was killed', () => {
  it('takes its open trade up again and closes it on the exit signal', async () => {
    quoteEntry();
    await wait(100);
    await startDesk();
    expect(desk.snapshot().trading).toBe('trading');
    expect(latest().state).toBe('OPEN');
    quoteExit();
    await wait(3_000);
    expect(latest().state).toBe('FLAT');
    expect([vest.positionE8, paradex.positionE8]).toEqual([0, 0]);
    expect(latest().grossE8).toBe(1_000_000_000);
    expect(await journalled('fill')).toHaveLength(4);
  });

  it('leaves no position while it compares positions with the venues', async () => {
    quoteEntry();
    await wait(100);
    quoteMarket = quoteExit;
    await startDesk();
    expect(desk.snapshot().trading).toBe('trading');
    expect(latest().state).toBe('OPEN');
    quoteExit();
    await wait(3_000);
    expect(latest().state).toBe('FLAT');
  });

  it('holds the ledger against all runs on the same venues', async () => {
    quoteEntry();
    await wait(12);
    await startDesk();
    quoteExit();
    await wait(3_000);
    expect(await desk.ledger()).toMatchObject({ fills: 4, matched: 4, lost: 0, doubled: 0, invented: 0 });
  });

  it('ends a trade whose last line was not written any more, although the next one is open', async () => {
    quoteEntry();
    await wait(100);
    quoteExit();
    await wait(3_000);
    quoteEntry();
    await wait(100);
    expect(latest()).toMatchObject({ id: 2, state: 'OPEN' });
    await forget((entry) => entry.kind === 'trade' && entry.trade.id === 1 && entry.trade.state === 'FLAT');
    await startDesk();
    await wait(3_000);
    expect(desk.snapshot().trading).toBe('trading');
    expect(desk.snapshot().trades.map(({ id, state }) => [id, state])).toEqual([
      [2, 'OPEN'],
      [1, 'FLAT'],
    ]);
    expect(desk.snapshot().statistics).toMatchObject({ entries: 2, exits: 1 });
  });

  it('asks for a fill whose quantity it knew but whose price was not written any more', async () => {
    quoteEntry();
    await wait(100);
    await forget((entry) => entry.kind === 'fill' && entry.venue === 'paradex');
    await startDesk();
    await wait(5_000);
    expect(latest().state).toBe('OPEN');
    expect(await desk.ledger()).toMatchObject({ fills: 2, matched: 2, lost: 0, doubled: 0, invented: 0 });
  });

  it('asks for orders in flight before anything else, and books their fills once', async () => {
    quoteEntry();
    await wait(12);
    await startDesk();
    expect(desk.snapshot().trading).toBe('trading');
    expect(latest().state).toBe('OPEN');
    const fills = await journalled('fill');
    expect(new Set(fills.map((fill) => `${String(fill['venue'])}${String(fill['fillId'])}`)).size).toBe(fills.length);
    expect(fills).toHaveLength(2);
  });

  it('asks again when it was killed a second time before it could ask', async () => {
    quoteEntry();
    await wait(12);
    await startDesk();
    await forget((entry) => entry.kind === 'fill' || (entry.kind === 'order' && entry.state !== 'DOUBT'));
    expect(await journalled('order')).not.toEqual([]);
    await startDesk();
    expect(desk.snapshot().trading).toBe('trading');
    expect(latest().state).toBe('OPEN');
    expect(await desk.ledger()).toMatchObject({ fills: 2, matched: 2, lost: 0 });
  });

  it('halts when a venue holds what the journal does not explain', async () => {
    vest.positionE8 = 5e6;
    await startDesk();
    expect(desk.snapshot().trading).toBe('halted');
    expect(desk.snapshot().tradingReason).toMatchObject({ code: 'HS_POSITION_UNEXPLAINED' });
    quoteEntry();
    await wait(100);
    expect(vest.orders).toHaveLength(0);
  });

  it('gives up a trade whose practice venues were started anew, without a result', async () => {
    quoteEntry();
    await wait(100);
    await startDesk('venues-2');
    expect(desk.snapshot().trading).toBe('trading');
    expect(latest()).toMatchObject({ state: 'FLAT' });
    expect(latest().netE8).toBeUndefined();
    expect(desk.snapshot().notices.map((notice) => notice.code)).toContain('HS_TRADE_ABANDONED');
  });

  it('never uses an order id twice', async () => {
    quoteEntry();
    await wait(100);
    await startDesk('venues-2');
    quoteEntry();
    await wait(100);
    const ids = (await journalled('intent')).map((intent) => intent['orderId']);
    expect(ids.length).toBeGreaterThanOrEqual(4);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
