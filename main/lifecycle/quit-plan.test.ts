import { describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../engine/agent/fake-desk.test-helper.ts';
import type { Mode, Snapshot, Trade } from '../../engine/protocol/model.ts';
import type { LinkState, ProcessState } from '../ipc/schema.ts';
import { quitPlan } from './quit-plan.ts';

const OPEN = { id: 7, state: 'OPEN' } as Trade;

function plan(
  engine: ProcessState['state'],
  change: Partial<Snapshot> & { mode?: Mode } = {},
  link: LinkState['state'] = 'ready',
  lastSeenAt = 99_000,
) {
  const { mode = 'practice', ...rest } = change;
  const base = emptySnapshot('one');
  return quitPlan({
    states: { engine: { state: engine, restarts: 0 }, link: { state: link, rtt: { n: 0 }, attempt: 0, lastSeenAt } },
    isHere: true,
    snapshot: { ...base, desk: { ...base.desk, mode }, ...rest },
    remotes: [{ name: 'tokyo', state: 'trading' }],
    nowMs: 100_000,
  });
}

describe('quit', () => {
  it('asks nothing when nothing is open and no real money is armed', () => {
    expect(plan('running', { trading: 'trading' })).toMatchObject({
      engine: 'trading',
      openTrades: 0,
      needsConfirm: false,
    });
    expect(plan('running', { trading: 'paused', mode: 'live' })).toMatchObject({ engine: 'idle', needsConfirm: false });
  });

  it.each<[string, Partial<Snapshot> & { mode?: Mode }]>([
    ['a trade is open', { trading: 'trading', trades: [OPEN] }],
    [
      'a venue holds a position no trade explains',
      { trading: 'halted', venues: [{ id: 'vest', positionE8: 1 } as Snapshot['venues'][number]] },
    ],
    ['live is armed', { trading: 'trading', mode: 'live' }],
  ])('asks first when %s', (_what, change) => {
    expect(plan('running', change).needsConfirm).toBe(true);
  });

  it('asks first when the engine runs and cannot be asked', () => {
    expect(plan('running', { trading: 'trading' }, 'lost')).toMatchObject({ engine: 'unknown', needsConfirm: true });
    // Its link is there, but it has not answered for long.
    expect(plan('running', { trading: 'trading' }, 'ready', 70_000)).toMatchObject({
      engine: 'unknown',
      needsConfirm: true,
    });
  });

  it('does not count what an engine that is gone had open', () => {
    for (const state of ['stopped', 'blocked', 'restarting'] as const) {
      expect(plan(state, { trades: [OPEN] })).toMatchObject({
        engine: 'none',
        openTrades: 0,
        holdsPositions: false,
        needsConfirm: false,
      });
    }
  });

  it('names the engines that go on', () => {
    expect(plan('running').remotes).toEqual([{ name: 'tokyo', state: 'trading' }]);
  });
});
