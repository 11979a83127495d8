/**
 * How one supervised process is started, restarted and given up: pure, so that every way through it can be tested.
 * `restarting` is retried by itself; `blocked` waits for a person (a new start).
 */
import type { WireError } from '../../engine/protocol/errors.ts';
import type { ProcessState } from '../ipc/schema.ts';
import { backoffMs, type Backoff } from './backoff.ts';

export interface ProcessPolicy {
  backoff: Backoff;
  /** Failed starts and crashes in a row, each less than `stableAfterMs` apart from a start, until it is given up. */
  maxAttempts: number;
  /** Running this long clears the count. */
  stableAfterMs: number;
  /** Between two starts while what it needs is still held by an ending process ... */
  waitMs: number;
  /** ... and for how long at most. */
  mostWaits: number;
}

export const DEFAULT_POLICY: ProcessPolicy = {
  backoff: { baseMs: 500, maxMs: 15_000 },
  maxAttempts: 5,
  stableAfterMs: 60_000,
  // An engine whose program is gone closes its position first and has 30 s for it.
  waitMs: 1_000,
  mostWaits: 45,
};

export interface ProcessMachine {
  state: ProcessState['state'];
  restarts: number;
  /** Failures in a row. */
  failures: number;
  /** Starts in a row that found an ending process in their way. */
  waits: number;
  runningSinceMs?: number;
  nextTryAt?: number;
  error?: WireError;
  /** A start was asked for while the old process was still ending. */
  startAfterStop: boolean;
}

export type ProcessInput =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'ready' }
  | { type: 'retryDue' }
  /**
   * The process ended; `refused`: it said itself that it cannot run, so trying again is pointless; `mustWait`: it said
   * that another one has to end first.
   */
  | { type: 'exited'; error: WireError; refused: boolean; mustWait?: boolean };

export type ProcessEffect = { type: 'spawn' } | { type: 'terminate' } | { type: 'retryAfter'; waitMs: number };

export const INITIAL_PROCESS: ProcessMachine = {
  state: 'stopped',
  restarts: 0,
  failures: 0,
  waits: 0,
  startAfterStop: false,
};

/** @param nowMs Unix ms. */
export function stepProcess(
  machine: ProcessMachine,
  input: ProcessInput,
  nowMs: number,
  policy: ProcessPolicy,
  random: () => number,
): { machine: ProcessMachine; effects: ProcessEffect[] } {
  const stay = { machine, effects: [] };
  switch (input.type) {
    case 'start':
      if (machine.state === 'stopping') return { machine: { ...machine, startAfterStop: true }, effects: [] };
      if (machine.state === 'starting' || machine.state === 'running') return stay;
      return { machine: { ...INITIAL_PROCESS, state: 'starting', restarts: machine.restarts }, effects: [SPAWN] };
    case 'retryDue':
      if (machine.state !== 'restarting') return stay;
      return {
        machine: { ...machine, state: 'starting', nextTryAt: undefined, restarts: machine.restarts + 1 },
        effects: [SPAWN],
      };
    case 'ready':
      if (machine.state !== 'starting') return stay;
      return { machine: { ...machine, state: 'running', runningSinceMs: nowMs, error: undefined }, effects: [] };
    case 'stop':
      if (machine.state === 'starting' || machine.state === 'running') {
        return { machine: { ...machine, state: 'stopping', startAfterStop: false }, effects: [{ type: 'terminate' }] };
      }
      if (machine.state === 'stopping') return { machine: { ...machine, startAfterStop: false }, effects: [] };
      return { machine: { ...INITIAL_PROCESS, restarts: machine.restarts }, effects: [] };
    case 'exited':
      return exited(machine, input, nowMs, policy, random);
  }
}

const SPAWN: ProcessEffect = { type: 'spawn' };

function exited(
  machine: ProcessMachine,
  { error, refused, mustWait }: { error: WireError; refused: boolean; mustWait?: boolean },
  nowMs: number,
  policy: ProcessPolicy,
  random: () => number,
): { machine: ProcessMachine; effects: ProcessEffect[] } {
  const { restarts } = machine;
  if (machine.state === 'stopping') {
    return machine.startAfterStop
      ? { machine: { ...INITIAL_PROCESS, state: 'starting', restarts }, effects: [SPAWN] }
      : { machine: { ...INITIAL_PROCESS, restarts }, effects: [] };
  }
  if (mustWait && machine.waits < policy.mostWaits) {
    const { waitMs } = policy;
    const waits = machine.waits + 1;
    return {
      machine: { ...INITIAL_PROCESS, state: 'restarting', restarts, waits, error, nextTryAt: nowMs + waitMs },
      effects: [{ type: 'retryAfter', waitMs }],
    };
  }
  const wasStable = machine.runningSinceMs !== undefined && nowMs - machine.runningSinceMs >= policy.stableAfterMs;
  const failures = (wasStable ? 0 : machine.failures) + 1;
  if (refused || mustWait || failures >= policy.maxAttempts) {
    return { machine: { ...INITIAL_PROCESS, state: 'blocked', restarts, failures, error }, effects: [] };
  }
  const waitMs = backoffMs(policy.backoff, failures, random);
  return {
    machine: { ...INITIAL_PROCESS, state: 'restarting', restarts, failures, error, nextTryAt: nowMs + waitMs },
    effects: [{ type: 'retryAfter', waitMs }],
  };
}
