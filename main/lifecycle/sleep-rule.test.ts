import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modeSchema, tradingStateSchema } from '../../engine/protocol/model.ts';
import {
  AWAKE,
  stepSleep,
  type SleepAction,
  type SleepEvent,
  type SleepingDesk,
  type SleepState,
} from './sleep-rule.ts';

const desk = (changes: Partial<SleepingDesk> = {}): SleepingDesk => ({
  engine: 'reachable',
  trading: 'trading',
  mode: 'practice',
  holdsPositions: false,
  ...changes,
});
const paused = desk({ trading: 'paused' });
const withTrade = { holdsPositions: true, openTradeId: 7 };

function run(...events: SleepEvent[]): { state: SleepState; actions: string[] } {
  let state = AWAKE;
  const actions: string[] = [];
  for (const event of events) {
    const step = stepSleep(state, event);
    state = step.state;
    actions.push(...step.actions.map(nameOf), '|');
  }
  return { state, actions: actions.slice(0, -1) };
}
const nameOf = (action: SleepAction) =>
  action.type === 'tell' ? `${action.what}${action.tradeId === undefined ? '' : ` #${action.tradeId}`}` : action.type;
const sleeps = (changes: Partial<SleepingDesk> = {}): SleepEvent => ({ type: 'suspend', desk: desk(changes) });
const isPaused = (changes: Partial<SleepingDesk> = {}): SleepEvent => ({
  type: 'paused',
  desk: { ...paused, ...changes },
});
const wakes = (changes: Partial<SleepingDesk> = {}): SleepEvent => ({
  type: 'resume',
  desk: { ...paused, ...changes },
});

describe('before sleep', () => {
  it('pauses entries and lets the machine sleep once that is confirmed', () => {
    expect(run(sleeps(), isPaused()).actions).toEqual(['pause', '|', 'allowSleep']);
  });

  it('says loudly that a position stays open', () => {
    expect(run(sleeps(withTrade), isPaused(withTrade)).actions).toEqual([
      'pause',
      '|',
      'openPosition #7',
      'allowSleep',
    ]);
    expect(run(sleeps({ trading: 'paused', ...withTrade })).actions).toEqual(['openPosition #7', 'allowSleep']);
    // Opened between the question and the answer.
    expect(run(sleeps(), isPaused(withTrade)).actions).toEqual(['pause', '|', 'openPosition #7', 'allowSleep']);
  });

  it.each(['pauseFailed', 'pauseOverdue'] as const)(
    'says that entries are not paused after %s, and holds sleep no longer',
    (type) => {
      expect(run(sleeps(), { type, desk: desk(withTrade) }).actions).toEqual([
        'pause',
        '|',
        'notPaused #7',
        'allowSleep',
      ]);
    },
  );

  it('takes no answer for a pause while the engine still starts', () => {
    expect(run(sleeps({ trading: 'starting' }), isPaused({ trading: 'starting' })).actions).toEqual([
      'pause',
      '|',
      'notPaused',
      'allowSleep',
    ]);
  });

  it('says so when the engine cannot be reached, and nothing where none runs', () => {
    expect(run(sleeps({ engine: 'unreachable', ...withTrade })).actions).toEqual(['notPaused #7', 'allowSleep']);
    expect(run(sleeps({ engine: 'none', ...withTrade })).actions).toEqual(['allowSleep']);
  });

  it.each(['observing', 'paused', 'halted', 'stopped'] as const)('changes nothing when it is %s', (trading) => {
    expect(run(sleeps({ trading }), wakes({ trading })).actions).toEqual(['allowSleep', '|', 'holdSleep']);
  });
});

describe('after sleep', () => {
  it('starts again what traded, in practice and paper, once the engine is heard of', () => {
    for (const mode of ['practice', 'paper'] as const) {
      expect(run(sleeps({ mode }), isPaused({ mode }), wakes({ mode })).actions.slice(-2)).toEqual([
        'holdSleep',
        'start',
      ]);
    }
    const late = run(
      sleeps(),
      isPaused(),
      wakes({ engine: 'unreachable' }),
      { type: 'desk', desk: desk({ trading: 'starting' }) },
      { type: 'desk', desk: paused },
    );
    expect(late).toEqual({ state: AWAKE, actions: ['pause', '|', 'allowSleep', '|', 'holdSleep', '|', '|', 'start'] });
  });

  it('never starts in live', () => {
    const { actions } = run(sleeps({ mode: 'live' }), isPaused({ mode: 'live' }), wakes({ mode: 'live' }), {
      type: 'desk',
      desk: { ...paused, mode: 'live' },
    });
    expect(actions).not.toContain('start');
  });

  it('leaves alone what has halted, stopped or already trades', () => {
    for (const trading of ['halted', 'stopped', 'trading', 'observing'] as const) {
      expect(run(sleeps(), isPaused(), wakes({ trading })).actions.at(-1)).toBe('holdSleep');
    }
  });

  it('leaves alone what a person has commanded since', () => {
    expect(run(sleeps(), isPaused(), { type: 'commanded' }, wakes()).actions.at(-1)).toBe('holdSleep');
    const late = run(
      sleeps(),
      isPaused(),
      wakes({ engine: 'unreachable' }),
      { type: 'commanded' },
      { type: 'desk', desk: paused },
    );
    expect(late.actions).not.toContain('start');
  });

  it('starts again when sleep was called off, and when it slept again before the engine was back', () => {
    expect(run(sleeps(), wakes(), isPaused()).actions).toEqual(['pause', '|', 'holdSleep', 'start', '|']);
    const twice = run(
      sleeps(),
      isPaused(),
      wakes({ engine: 'unreachable' }),
      sleeps({ engine: 'unreachable' }),
      wakes(),
    );
    expect(twice.actions.slice(-2)).toEqual(['holdSleep', 'start']);
  });
});

describe('in any order of events', () => {
  const anyDesk: fc.Arbitrary<SleepingDesk> = fc.record({
    engine: fc.constantFrom('none' as const, 'unreachable' as const, 'reachable' as const),
    trading: fc.constantFrom(...tradingStateSchema.options),
    mode: fc.constantFrom(...modeSchema.options),
    holdsPositions: fc.boolean(),
  });
  const anyEvent: fc.Arbitrary<SleepEvent> = fc.oneof(
    fc.record({
      type: fc.constantFrom(
        'suspend' as const,
        'paused' as const,
        'pauseFailed' as const,
        'pauseOverdue' as const,
        'resume' as const,
        'desk' as const,
      ),
      desk: anyDesk,
    }),
    fc.constant({ type: 'commanded' as const }),
  );

  it('never starts in live, without a pause of its own before, or an engine to tell; sleep is never held twice as long', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        let state = AWAKE;
        let pauses = 0;
        for (const event of events) {
          const step = stepSleep(state, event);
          for (const action of step.actions) {
            if (action.type === 'pause') pauses++;
            if (action.type !== 'start') continue;
            expect(pauses).toBeGreaterThan(0);
            expect('desk' in event && event.desk).toMatchObject({ engine: 'reachable', trading: 'paused' });
            expect('desk' in event && event.desk.mode).not.toBe('live');
            pauses = 0;
          }
          // Whatever ends the pausing lets the machine sleep, or was its waking.
          if (state.at === 'pausing' && step.state.at !== 'pausing' && event.type !== 'resume') {
            expect(step.actions).toContainEqual({ type: 'allowSleep' });
          }
          if (event.type === 'suspend' && step.state.at !== 'pausing')
            expect(step.actions).toContainEqual({ type: 'allowSleep' });
          state = step.state;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
