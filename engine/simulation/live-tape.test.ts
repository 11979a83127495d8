import { describe, expect, it } from 'vitest';
import { createVirtualDesk, WIDE_LIMITS, type VirtualDesk } from './virtual-desk.ts';

const TAPE_MS = 343_000;
/** Signing in plain JavaScript makes an armed minute as dear as a disarmed tape. */
const ARMED_MS = 40_000;

async function startLive(options: Partial<Parameters<typeof createVirtualDesk>[0]> = {}): Promise<VirtualDesk> {
  const live = await createVirtualDesk({ mode: 'live', ...options });
  await live.done(live.desk.start());
  return live;
}

const arm = (live: VirtualDesk, limits = WIDE_LIMITS) => live.done(live.desk.execute({ name: 'arm', limits }));

describe('a live desk on a tape of practice venues configured as endpoints', () => {
  it('sends not one order while it is not armed, and keeps what it would have taken as missed', async () => {
    const live = await startLive();
    expect(live.desk.snapshot()).toMatchObject({
      trading: 'paused',
      tradingReason: { code: 'HS_DISARMED' },
      arming: { state: 'disarmed', reason: { code: 'HS_DISARMED_START' } },
    });
    await live.until(TAPE_MS);
    expect(live.sentOrders).toEqual([]);
    const { statistics, missed } = live.desk.snapshot();
    expect(statistics.entries).toBe(0);
    expect(missed.length).toBeGreaterThan(20);
    expect(new Set(missed.map(({ reason }) => reason))).toEqual(new Set(['DISARMED']));
    await live.done(live.desk.stop('test'));
  }, 120_000);

  it('trades when armed, through the unchanged clients, journal and ledger', async () => {
    const live = await startLive();
    await arm(live);
    expect(live.desk.snapshot()).toMatchObject({ trading: 'trading', arming: { state: 'armed', limits: WIDE_LIMITS } });
    await live.until(ARMED_MS);
    await live.done(live.desk.closeForReport());
    const { statistics, trades } = live.desk.snapshot();
    expect(statistics.entries).toBeGreaterThan(1);
    expect(trades.every(({ mode, network, tape }) => mode === 'live' && tape === 'none' && network !== '')).toBe(true);
    const ledger = await live.done(live.desk.ledger());
    expect(ledger).toMatchObject({ lost: 0, doubled: 0, differing: 0, invented: 0 });
    expect(ledger.matched).toBe(ledger.fills);
    await live.done(live.desk.stop('test'));
    expect(await live.journal('armed')).toEqual([{ kind: 'armed', limits: WIDE_LIMITS }]);
    expect((await live.journal('disarmed')).map(({ code }) => code)).toEqual(['HS_DISARMED_STOP']);
  }, 120_000);
});
