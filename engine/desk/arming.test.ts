import { beforeEach, describe, expect, it } from 'vitest';
import type { ArmingReport } from '../protocol/arming.ts';
import { CONFIG_LIMITS, LiveBench } from '../simulation/live-bench.test-helper.ts';
import { VENUE_LOST_MS } from './disarm-watch.ts';
import { KEY_MARGIN_MS } from './live-duties.ts';

const HOUR_MS = 3_600_000;
let bench: LiveBench;
const snapshot = () => bench.desk.snapshot();
const latest = () => snapshot().trades[0]!;
const entries = () => [...bench.vest.orders, ...bench.paradex.orders].filter(({ request }) => !request.reduceOnly);

beforeEach(async () => {
  bench = new LiveBench();
  await bench.start();
});

async function enter(): Promise<void> {
  bench.quoteEntry();
  await bench.wait(100);
}

async function exit(): Promise<void> {
  bench.quoteExit();
  await bench.wait(3_000);
}

describe('a live desk', () => {
  it('starts disarmed, opens nothing, and refuses start until it is armed', async () => {
    expect(snapshot()).toMatchObject({ trading: 'paused', tradingReason: { code: 'HS_DISARMED' } });
    expect(snapshot().arming).toMatchObject({ state: 'disarmed', reason: { code: 'HS_DISARMED_START' } });
    expect(snapshot().tradingReason!.message).toContain('reduce-only');
    await enter();
    expect(entries()).toEqual([]);
    await expect(bench.command({ name: 'start' })).rejects.toMatchObject({ code: 'HS_DISARMED' });
    expect(snapshot().missed).toEqual([]);
    bench.quoteFlat();
    await bench.wait(10);
    expect(snapshot().missed[0]).toMatchObject({ reason: 'DISARMED' });
  });

  it('trades once armed, journals it first, and shows its limits', async () => {
    await bench.arm({ ...CONFIG_LIMITS, maxDayLossE8: 50e8 });
    expect(snapshot()).toMatchObject({ trading: 'trading', exposure: { maxDayLossE8: 50e8 } });
    expect(snapshot().arming).toMatchObject({ state: 'armed', limits: { maxDayLossE8: 50e8 } });
    await enter();
    expect(latest().state).toBe('OPEN');
    const kinds = (await bench.journal()).map(({ kind }) => kind);
    expect(kinds.indexOf('armed')).toBeLessThan(kinds.indexOf('intent'));
  });

  it('closes a trade it was disarmed in, and opens no other', async () => {
    await bench.arm();
    await enter();
    await bench.command({ name: 'disarm', reason: 'screenLocked' });
    expect(snapshot().arming).toMatchObject({ state: 'disarmed', reason: { code: 'HS_DISARMED_SCREEN_LOCKED' } });
    expect(latest().state).toBe('OPEN');
    await exit();
    expect(latest().state).toBe('FLAT');
    expect([bench.vest.positionE8, bench.paradex.positionE8]).toEqual([0, 0]);
    await enter();
    expect(entries()).toHaveLength(2);
  });

  it('unwinds a naked leg although it was disarmed between its two orders', async () => {
    await bench.arm();
    bench.paradex.script = [{ does: 'reject' }];
    bench.quoteEntry();
    await bench.command({ name: 'disarm', reason: 'operator' });
    await bench.wait(4_000);
    expect(latest().state).toBe('FLAT');
    expect(bench.vest.positionE8).toBe(0);
    expect(bench.vest.orders.map(({ request }) => request.reduceOnly)).toEqual([false, true]);
  });

  it('does not send an entry whose signatures came after it was disarmed', async () => {
    await bench.arm();
    bench.paradex.prepares = 'later';
    bench.quoteEntry();
    const disarming = bench.desk.execute({ name: 'disarm', reason: 'operator' });
    await bench.wait(3_000);
    await disarming;
    expect(entries()).toEqual([]);
    expect(latest().state).toBe('FLAT');
  });

  it('pauses and starts again within one arming', async () => {
    await bench.arm();
    await bench.command({ name: 'pause' });
    await enter();
    expect(entries()).toEqual([]);
    bench.quoteFlat();
    await bench.command({ name: 'start' });
    await enter();
    expect(entries()).toHaveLength(2);
  });

  it('is disarmed by stop, which closes what is open', async () => {
    await bench.arm();
    await enter();
    const stopping = bench.command({ name: 'stop' });
    await stopping;
    expect(snapshot().arming?.state).toBe('disarmed');
    expect([bench.vest.positionE8, bench.paradex.positionE8]).toEqual([0, 0]);
  });

  it('is disarmed after a kill although it was armed, and takes its open trade up again', async () => {
    await bench.arm();
    await enter();
    await bench.start();
    expect(snapshot().arming).toMatchObject({ state: 'disarmed', reason: { code: 'HS_DISARMED_RESTART' } });
    expect(latest().state).toBe('OPEN');
    expect((await bench.journal()).at(-1)).not.toMatchObject({ kind: 'armed' });
    await exit();
    expect(latest().state).toBe('FLAT');
    await bench.start();
    expect(snapshot().arming).toMatchObject({ reason: { code: 'HS_DISARMED_START' } });
  });
});

describe('limits of an arming', () => {
  it('may not be wider than the config’s', async () => {
    await expect(bench.arm({ ...CONFIG_LIMITS, maxNotionalE8: 25_001e8, maxUnhedgedMs: 3_001 })).rejects.toMatchObject({
      code: 'HS_ARM_LIMITS',
      message: expect.stringContaining('maxNotionalE8, maxUnhedgedMs'),
    });
    expect(snapshot().arming?.state).toBe('disarmed');
  });

  it('bind the entry checks while it lasts: 6,000 USD of one leg do not fit under 5,000', async () => {
    await bench.arm({ ...CONFIG_LIMITS, maxNotionalE8: 5_000e8 });
    await enter();
    expect(entries()).toEqual([]);
    bench.quoteFlat();
    await bench.wait(10);
    expect(snapshot().missed[0]).toMatchObject({ reason: 'MAX_NOTIONAL+MAX_NOTIONAL' });
    await bench.arm({ ...CONFIG_LIMITS, maxNotionalE8: 7_000e8 });
    await enter();
    expect(entries()).toHaveLength(2);
  });

  it('disarm when a leg stays naked for longer than allowed', async () => {
    await bench.arm({ ...CONFIG_LIMITS, maxUnhedgedMs: 1_000 });
    bench.paradex.script = [{ does: 'stay silent', butFilled: false }];
    bench.quoteEntry();
    await bench.pass(3_000);
    expect(snapshot().arming).toMatchObject({ reason: { code: 'HS_DISARMED_UNHEDGED' } });
    await bench.pass(4_000);
    expect(latest().state).toBe('FLAT');
    expect(bench.vest.positionE8).toBe(0);
  });

  it('disarm when the loss of the day reaches its limit', async () => {
    // Bought back 50 USD above the price it was sold at: 0.1 BTC loses 5 USD, and fees.
    await bench.arm({ ...CONFIG_LIMITS, maxDayLossE8: 1e8 });
    await enter();
    bench.vest.quote(60_000, 60_010);
    bench.paradex.quote(60_160, 60_170);
    await bench.command({ name: 'closeAll' });
    await bench.pass(3_000);
    expect(latest().netE8).toBeLessThan(-1e8);
    expect(snapshot().arming).toMatchObject({ reason: { code: 'HS_DISARMED_DAY_LOSS' } });
  });
});

describe('arming is refused', () => {
  it.each<[string, () => void | Promise<void>, string[]]>([
    ['with a key near its end', () => void (bench.keyExpiresAt = wall() + KEY_MARGIN_MS - 1), ['key vest']],
    ['when the account cannot be read', () => void (bench.vest.accountFails = true), ['key vest', 'positions']],
    ['when a venue holds what the journal does not explain', () => void (bench.vest.positionE8 = 5e6), ['positions']],
    [
      'by an API generation without an order path',
      () => void (bench.findings = { generation: 'v3', usable: false, open: true, detail: 'v3 answers' }),
      ['generation paradex', 'generation vest'],
    ],
    [
      'in maintenance',
      () => void (bench.findings = { ...bench.findings, open: false, detail: 'cancel_only' }),
      ['venueOpen paradex', 'venueOpen vest'],
    ],
    ['without an order path', () => void (bench.paradex.ready = false), ['venueOpen paradex']],
    ['on an old book', () => bench.wait(2_500), ['book paradex', 'book vest']],
    ['on a book with a gap', () => bench.statuses.vest('gap'), ['book vest']],
    [
      'with a clock half a second off',
      async () => {
        bench.vest.clock = { ...bench.vest.clock!, offsetMs: bench.vest.clock!.offsetMs + 600 };
        await bench.pass(1_000);
      },
      ['clock vest'],
    ],
    ['when another engine took the folder', () => void (bench.holdsFolder = false), ['folderLock']],
  ])('%s', async (_what, spoil, failing) => {
    await spoil();
    expect((await bench.failing()).sort()).toEqual(failing);
    const refusal = bench.arm();
    await expect(refusal).rejects.toMatchObject({ code: 'HS_ARM_REFUSED' });
    for (const check of failing) await expect(refusal).rejects.toThrow(`${check}:`);
    expect(snapshot().arming?.state).toBe('disarmed');
    expect((await bench.journal()).map(({ kind }) => kind)).not.toContain('armed');
  });

  it('while an order is in doubt', async () => {
    await bench.arm();
    bench.paradex.script = [{ does: 'stay silent', butFilled: true, queriesFail: 100 }];
    bench.quoteEntry();
    await bench.pass(4_000);
    await bench.command({ name: 'disarm', reason: 'operator' });
    expect(await bench.failing()).toContain('orderInDoubt paradex');
    await expect(bench.arm()).rejects.toMatchObject({ code: 'HS_ARM_REFUSED' });
  });

  it('when it is disarmed while the venues are being asked', async () => {
    const arming = bench.arm();
    await bench.desk.execute({ name: 'disarm', reason: 'sleep' });
    await expect(arming).rejects.toMatchObject({ code: 'HS_ARM_REFUSED' });
    expect(snapshot().arming?.state).toBe('disarmed');
    expect((await bench.journal()).at(-1)).not.toMatchObject({ kind: 'armed' });
  });

  it('twice at once', async () => {
    const first = bench.arm();
    await expect(bench.desk.execute({ name: 'arm', limits: CONFIG_LIMITS })).rejects.toMatchObject({
      code: 'HS_ARM_BUSY',
    });
    await first;
  });
});

describe('a venue in its release window', () => {
  it('closes entries within half a minute, and opens them again', async () => {
    await bench.arm();
    bench.findings = { ...bench.findings, open: false, detail: 'cancel_only' };
    await bench.pass(31_000);
    await enter();
    expect(entries()).toEqual([]);
    expect(snapshot().notices.map(({ code }) => code)).toContain('HS_VENUE_CLOSED');
    bench.findings = { ...bench.findings, open: true };
    await bench.pass(31_000);
    await enter();
    expect(entries()).toHaveLength(2);
  });
});

describe('an arming ends by itself', () => {
  beforeEach(() => bench.arm());
  const reason = () => snapshot().arming?.reason?.code;

  it('when the key nears its end', async () => {
    bench.keyExpiresAt = wall() + KEY_MARGIN_MS + 2_000;
    await bench.pass(1_000);
    expect(reason()).toBeUndefined();
    await bench.pass(3_000);
    expect(reason()).toBe('HS_DISARMED_KEY_EXPIRY');
  });

  it('when a venue is lost for longer than a reconnection takes', async () => {
    bench.paradex.ready = false;
    await bench.pass(VENUE_LOST_MS - 3_000);
    expect(reason()).toBeUndefined();
    await bench.pass(5_000);
    expect(reason()).toBe('HS_DISARMED_VENUE_LOST');
  });

  it('when trading halts', async () => {
    bench.paradex.script = [{ does: 'stay silent', butFilled: true, queriesFail: 1_000 }];
    bench.quoteEntry();
    await bench.pass(70_000);
    expect(snapshot().trading).toBe('halted');
    expect(snapshot().arming?.state).toBe('disarmed');
    await expect(bench.arm()).rejects.toMatchObject({ code: 'HS_ARM_REFUSED' });
  });

  it('by any fault that calls for a person', () => {
    bench.desk.tell('error', 'HS_TEST', 'something broke');
    expect(reason()).toBe('HS_DISARMED_FAULT');
    expect(snapshot().trading).toBe('paused');
  });

  it('and never begins again by itself', async () => {
    await bench.command({ name: 'disarm', reason: 'operator' });
    await bench.pass(60_000);
    expect(snapshot().arming?.state).toBe('disarmed');
    expect(bench.seen.filter((state) => state === 'armed')).toHaveLength(1);
  });
});

describe('what the dialog is told', () => {
  it('names limits, fees, key and the worst that one leg alone can come to', async () => {
    bench.keyExpiresAt = wall() + 48 * HOUR_MS;
    const report = (await bench.command({ name: 'arming.check' })) as ArmingReport;
    expect(report.ok).toBe(true);
    expect(report.limits).toEqual(CONFIG_LIMITS);
    expect(report).toMatchObject({ sizeE8: 1e7, spreadEntryBps: 5, orderClass: 'pro', roundTripFeesBps: 4 });
    expect(report.venues.find(({ venue }) => venue === 'vest')?.keyExpiresAt).toBe(bench.keyExpiresAt);
    expect(report.nakedLeg).toMatchObject({ notionalE8: 6_002e8, untilKnownMs: 4_000, untilHaltMs: 63_000 });
    const { costE8, bandsE8, feesE8, moveE8 } = report.nakedLeg!;
    expect(costE8).toBe(bandsE8 + feesE8 + moveE8);
  });
});

function wall(): number {
  return bench.virtual.env.clock.wallMs();
}
