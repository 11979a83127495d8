import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INITIAL_PROCESS, stepProcess, type ProcessInput, type ProcessMachine } from './process-machine.ts';

const policy = {
  backoff: { baseMs: 100, maxMs: 1_000 },
  maxAttempts: 3,
  stableAfterMs: 60_000,
  waitMs: 1_000,
  mostWaits: 3,
};
const error = { code: 'HS_TEST', message: 'm', remedy: 'r' };
const crash: ProcessInput = { type: 'exited', error, refused: false };

function run(inputs: (ProcessInput | ['at', number])[]) {
  let machine: ProcessMachine = INITIAL_PROCESS;
  let nowMs = 0;
  const effects: string[] = [];
  for (const input of inputs) {
    if (Array.isArray(input)) {
      nowMs = input[1];
      continue;
    }
    const step = stepProcess(machine, input, nowMs, policy, () => 1);
    machine = step.machine;
    effects.push(
      ...step.effects.map((effect) => (effect.type === 'retryAfter' ? `retry ${effect.waitMs}` : effect.type)),
    );
  }
  return { machine, effects };
}

const start: ProcessInput = { type: 'start' };
const stop: ProcessInput = { type: 'stop' };
const ready: ProcessInput = { type: 'ready' };
const due: ProcessInput = { type: 'retryDue' };

describe('process machine', () => {
  it('doubles the wait after each crash and gives up at the cap, with the error', () => {
    const { machine, effects } = run([start, crash, due, crash, due, ready, crash]);
    expect(effects).toEqual(['spawn', 'retry 100', 'spawn', 'retry 200', 'spawn']);
    expect(machine).toMatchObject({ state: 'blocked', error, restarts: 2, failures: 3 });
  });

  it('forgets earlier crashes once it ran long enough', () => {
    const { machine, effects } = run([start, crash, due, crash, due, ready, ['at', 60_000], crash]);
    expect(effects.at(-1)).toBe('retry 100');
    expect(machine).toMatchObject({ state: 'restarting', failures: 1, nextTryAt: 60_100 });
  });

  it('does not try again what said itself that it cannot run', () => {
    const { machine, effects } = run([start, { type: 'exited', error, refused: true }]);
    expect(machine.state).toBe('blocked');
    expect(effects).toEqual(['spawn']);
  });

  it('waits for the end of the old process before a start that came while it was stopping', () => {
    const { machine, effects } = run([start, ready, stop, start]);
    expect(machine.state).toBe('stopping');
    expect(effects).toEqual(['spawn', 'terminate']);
    expect(run([start, ready, stop, start, crash]).machine.state).toBe('starting');
    expect(run([start, ready, stop, start, stop, crash]).machine.state).toBe('stopped');
  });

  it('waits, without counting a failure, for a process that has to end first, and gives up when it never does', () => {
    const inTheWay: ProcessInput = { type: 'exited', error, refused: true, mustWait: true };
    const { machine, effects } = run([start, inTheWay, due, inTheWay, due, crash]);
    expect(effects).toEqual(['spawn', 'retry 1000', 'spawn', 'retry 1000', 'spawn', 'retry 100']);
    expect(machine).toMatchObject({ state: 'restarting', failures: 1 });
    expect(run([start, inTheWay, due, inTheWay, due, inTheWay, due, inTheWay]).machine).toMatchObject({
      state: 'blocked',
      error,
    });
  });

  it('a stop while it waits for its next try ends the waiting', () => {
    expect(run([start, crash, stop, due])).toMatchObject({
      machine: { state: 'stopped' },
      effects: ['spawn', 'retry 100'],
    });
  });

  it('a start after being blocked begins with a clean count', () => {
    const { machine } = run([start, { type: 'exited', error, refused: true }, start]);
    expect(machine).toMatchObject({ state: 'starting', failures: 0 });
  });

  it('never has two processes at once, and never retries more often than the cap allows', () => {
    const input = fc.constantFrom(start, stop, ready, due, crash);
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        let machine: ProcessMachine = INITIAL_PROCESS;
        let alive = 0;
        for (const next of inputs) {
          // Only a living process can report or end.
          if ((next === crash || next === ready) && alive === 0) continue;
          if (next === crash) alive -= 1;
          const step = stepProcess(machine, next, 0, policy, () => 0);
          machine = step.machine;
          alive += step.effects.filter((effect) => effect.type === 'spawn').length;
          expect(alive).toBeLessThanOrEqual(1);
          expect(alive === 1).toBe(['starting', 'running', 'stopping'].includes(machine.state));
          expect(machine.failures).toBeLessThanOrEqual(policy.maxAttempts);
        }
      }),
    );
  });
});
