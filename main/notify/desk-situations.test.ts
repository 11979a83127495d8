import { beforeEach, describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../engine/agent/fake-desk.test-helper.ts';
import type { Snapshot, Trade } from '../../engine/protocol/model.ts';
import type { LinkState, ProcessState } from '../ipc/schema.ts';
import { NOTHING_TOLD, tellDesk, type DeskPicture, type DeskTold } from './desk-situations.ts';

const READY: LinkState = { state: 'ready', rtt: { n: 0 }, attempt: 0 };
const CONNECTING: LinkState = { state: 'connecting', rtt: { n: 0 }, attempt: 1 };
const error = { code: 'HS_PROCESS_CRASHED', message: 'The engine ended.', remedy: 'Wait.' };

let told: DeskTold;
let now: number;
beforeEach(() => {
  told = NOTHING_TOLD;
  now = 0;
});

const process = (state: ProcessState['state']): ProcessState => ({ state, restarts: 0, error });
const snapshotOf = (bootId: string, change: Partial<Snapshot> = {}): Snapshot => ({
  ...emptySnapshot(bootId),
  trading: 'trading',
  ...change,
});
const OPEN_TRADE = { id: 7, state: 'OPEN' } as Trade;

/** A second later the desk looks like this; returns severity, category, trade and title of what is told. */
function see(
  engine: ProcessState['state'],
  snapshot?: Snapshot,
  more: { venues?: ProcessState['state']; link?: LinkState; site?: string } = {},
): unknown[] {
  now += 1_000;
  const link = more.link ?? (engine === 'running' ? READY : CONNECTING);
  const picture: DeskPicture = {
    states: { engine: process(engine), venues: process(more.venues ?? 'running'), link },
    snapshot,
    site: more.site,
  };
  const step = tellDesk(told, picture, now);
  told = step.told;
  return step.alerts.map(({ severity, category, tradeId, words }) => [severity, category, tradeId, words.en.title]);
}
const bodies = (engine: ProcessState['state'], snapshot?: Snapshot) => {
  const picture = { states: { engine: process(engine), venues: process('running'), link: READY }, snapshot };
  return tellDesk(told, picture, now + 1_000).alerts.map(({ words }) => [words.en.body, words.fr.body]);
};

describe('desk situations', () => {
  it('a normal start and a stop somebody asked for are no news', () => {
    expect(see('stopped', undefined, { venues: 'starting' })).toEqual([]);
    expect(see('starting')).toEqual([]);
    expect(see('running', snapshotOf('one', { trading: 'starting' }))).toEqual([]);
    expect(see('running', snapshotOf('one'))).toEqual([]);
    for (const state of ['stopping', 'stopped', 'starting'] as const) expect(see(state, snapshotOf('one'))).toEqual([]);
    expect(see('running', snapshotOf('two'))).toEqual([]);
  });

  it('an engine that runs and does not answer is told once, and when it answers again', () => {
    const one = snapshotOf('one', { trades: [OPEN_TRADE] });
    const heardAt = (lastSeenAt: number) => ({ link: { ...READY, lastSeenAt } });
    see('running', one, heardAt(1));
    const told = Array.from({ length: 30 }, () => see('running', one, heardAt(1))).flat();
    expect(told).toEqual([['critical', 'engine', 7, 'The engine does not answer']]);
    // Its socket was given up meanwhile: still the same silence.
    expect(see('running', one, { link: { state: 'lost', rtt: { n: 0 }, attempt: 3, lastSeenAt: 1 } })).toEqual([]);
    expect(see('running', one, heardAt(31_000))).toEqual([['info', 'engine', 7, 'The engine answers again']]);
  });

  it('a machine that slept is no engine that hangs', () => {
    const one = snapshotOf('one');
    const link = { ...READY, lastSeenAt: 1 };
    see('running', one, { link });
    now += 8 * 3_600_000;
    expect(see('running', one, { link })).toEqual([]);
    expect(see('running', one, { link: { ...link, lastSeenAt: now } })).toEqual([]);
  });

  it('a silent engine that is ended by force and started again is lost, then back', () => {
    const one = snapshotOf('one');
    const link = { ...READY, lastSeenAt: 1 };
    for (let look = 0; look < 30; look++) see('running', one, { link });
    expect(see('restarting', one)).toEqual([['warn', 'engine', undefined, 'The engine stopped by itself']]);
    expect(see('running', snapshotOf('two'))).toEqual([['info', 'engine', undefined, 'The engine is back']]);
  });

  it('an engine that is lost is told once, and its return when the next one speaks, not by the old snapshot', () => {
    const one = snapshotOf('one');
    see('running', one);
    expect(see('restarting', one)).toEqual([['warn', 'engine', undefined, 'The engine stopped by itself']]);
    expect(see('restarting', one)).toEqual([]);
    expect(see('starting', one)).toEqual([]);
    expect(see('running', one, { link: CONNECTING })).toEqual([]);
    expect(see('running', one)).toEqual([]);
    expect(see('running', snapshotOf('two', { trading: 'starting' }))).toEqual([]);
    expect(bodies('running', snapshotOf('two'))).toEqual([
      ['It was away for 6\u00a0s. Trading goes on.', 'Absent pendant 6\u00a0s. Les trades continuent.'],
    ]);
    expect(see('running', snapshotOf('two'))).toEqual([['info', 'engine', undefined, 'The engine is back']]);
    expect(see('running', snapshotOf('two'))).toEqual([]);
  });

  it('losing the engine with a trade open is critical and leads to that trade', () => {
    const one = snapshotOf('one', { trades: [OPEN_TRADE] });
    see('running', one);
    expect(bodies('restarting', one)[0]?.[0]).toContain('Trade #7 was open');
    expect(see('restarting', one)).toEqual([['critical', 'engine', 7, 'The engine stopped by itself']]);
  });

  it('an engine that is given up is critical, with the code, also when it never ran', () => {
    expect(bodies('blocked')[0]?.[0]).toContain('HS_PROCESS_CRASHED');
    expect(see('blocked')).toEqual([['critical', 'engine', undefined, 'The engine does not start']]);
    expect(see('blocked')).toEqual([]);
    expect(see('running', snapshotOf('one'))).toEqual([['info', 'engine', undefined, 'The engine is back']]);
  });

  it('a failed first start that is tried again is not told: nothing was lost', () => {
    expect(see('restarting')).toEqual([]);
  });

  it('a halt is critical, names its reason in words, and its end is told', () => {
    see('running', snapshotOf('one'));
    const halted = snapshotOf('one', {
      trading: 'halted',
      tradingReason: { code: 'HS_REDUCE_FAILED', message: 'Position of 0.1 left.' },
    });
    expect(bodies('running', halted)[0]).toEqual([
      'Halted: a position could not be closed. Nothing new happens until you start it again.',
      'Arrêt\u00a0: une position n’a pas pu être fermée. Plus rien ne commence avant que vous ne relanciez.',
    ]);
    expect(see('running', halted)).toEqual([['critical', 'trading', undefined, 'Trading is halted']]);
    expect(see('running', halted)).toEqual([]);
    expect(see('running', snapshotOf('one'))).toEqual([['info', 'trading', undefined, 'The halt is over']]);
  });

  it('a halt’s reason without words in the catalogue is told as the engine wrote it', () => {
    see('running', snapshotOf('one'));
    const tradingReason = { code: 'HS_NEW', message: 'Something new.' };
    expect(bodies('running', snapshotOf('one', { trading: 'halted', tradingReason }))[0]?.[0]).toMatch(
      /^Something new\. N/,
    );
  });

  it('venues that end by themselves are told, and their return; the engine that is restarted with them is not', () => {
    const one = snapshotOf('one');
    see('running', one);
    expect(see('running', one, { venues: 'restarting' })).toEqual([
      ['warn', 'venues', undefined, 'The practice venues stopped by themselves'],
    ]);
    expect(see('stopping', one, { venues: 'running' })).toEqual([
      ['info', 'venues', undefined, 'The practice venues are back'],
    ]);
    expect(see('running', snapshotOf('two'))).toEqual([]);
  });

  it('a server that is not reached is a warning: its engine goes on', () => {
    const one = snapshotOf('one');
    const link = { ...READY, lastSeenAt: 1 };
    see('running', one, { link, site: 'tyo' });
    const told = Array.from({ length: 30 }, () => see('running', one, { link, site: 'tyo' })).flat();
    expect(told).toEqual([['warn', 'engine', undefined, 'tyo is not reached']]);
    expect(see('running', one, { link: { ...READY, lastSeenAt: 40_000 }, site: 'tyo' })).toEqual([
      ['info', 'engine', undefined, 'tyo is reached again'],
    ]);
  });

  it('a locked agent is told once it has stayed so, and when it has its keys again; critical with a trade open', () => {
    const locked = snapshotOf('one', { trading: 'locked' });
    see('running', snapshotOf('one'), { site: 'tyo' });
    const told = Array.from({ length: 40 }, () => see('running', locked, { site: 'tyo' })).flat();
    expect(told).toEqual([['warn', 'locked', undefined, 'tyo is locked and does not trade']]);
    expect(see('running', snapshotOf('two'), { site: 'tyo' })).toEqual([
      ['info', 'locked', undefined, 'tyo has its keys again'],
    ]);
    const open = snapshotOf('three', { trading: 'locked', trades: [OPEN_TRADE] });
    expect(Array.from({ length: 40 }, () => see('running', open, { site: 'tyo' })).flat()).toEqual([
      ['critical', 'locked', 7, 'tyo is locked and does not trade'],
    ]);
  });

  it('an agent that gets its keys within seconds is no news', () => {
    see('running', snapshotOf('one'), { site: 'tyo' });
    expect(see('running', snapshotOf('two', { trading: 'locked' }), { site: 'tyo' })).toEqual([]);
    expect(see('running', snapshotOf('two'), { site: 'tyo' })).toEqual([]);
  });

  const live = (bootId: string, state: 'armed' | 'disarmed', code = 'HS_DISARMED_START'): Snapshot => {
    const snapshot = snapshotOf(bootId, { trading: state === 'armed' ? 'trading' : 'paused' });
    const reason = { code, message: 'As the engine says.' };
    return { ...snapshot, desk: { ...snapshot.desk, mode: 'live' }, arming: { state, sinceAt: 1, reason } };
  };

  it('an armed engine that is lost is critical without any trade: exposure unknown; it comes back disarmed', () => {
    see('running', live('one', 'armed'));
    expect(see('restarting', live('one', 'armed'))).toEqual([
      ['critical', 'engine', undefined, 'The armed engine ended: exposure unknown'],
    ]);
    expect(bodies('running', live('two', 'disarmed'))).toEqual([
      [
        'It was away for 1\u00a0s. It is disarmed: no entry is opened.',
        'Absent pendant 1\u00a0s. Il est désarmé\u00a0: aucune entrée.',
      ],
    ]);
    expect(see('running', live('two', 'disarmed'))).toEqual([['info', 'engine', undefined, 'The engine is back']]);
  });

  it('an armed engine that is given up tells to look at both venues', () => {
    see('running', live('one', 'armed'));
    see('restarting', live('one', 'armed'));
    expect(bodies('blocked', live('one', 'armed'))[0]?.[0]).toMatch(/not known: look at both of them now/);
  });

  it('a live engine that is lost while disarmed and flat is a warning like any other', () => {
    see('running', live('one', 'disarmed'));
    expect(see('restarting', live('one', 'disarmed'))[0]).toEqual([
      'warn',
      'engine',
      undefined,
      'The engine stopped by itself',
    ]);
  });

  it.each([
    ['HS_DISARMED_DAY_LOSS', 'critical', 'The loss of the day reached its limit. No entry is opened until'],
    ['HS_DISARMED_SLEEP', 'info', 'This machine went to sleep. No entry'],
    ['HS_DISARMED_NEW', 'critical', 'As the engine says. No entry'],
  ])('a disarmed desk is told with its reason: %s', (code, severity, beginning) => {
    see('running', live('one', 'disarmed'));
    expect(see('running', live('one', 'armed'))).toEqual([]);
    expect(bodies('running', live('one', 'disarmed', code))[0]?.[0]?.startsWith(beginning)).toBe(true);
    expect(see('running', live('one', 'disarmed', code))).toEqual([
      [severity, 'arming', undefined, 'Live trading was disarmed'],
    ]);
    expect(see('running', live('one', 'disarmed', code))).toEqual([]);
  });
});
