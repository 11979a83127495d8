/** A desk for tests of the agent and of its clients: a small state, events on demand, commands that are counted. */
import { applyEvent } from '../protocol/apply.ts';
import { HalfspreadError } from '../protocol/errors.ts';
import type { Command, DeskPort } from '../protocol/messages.ts';
import type { DeskEvent, Snapshot } from '../protocol/model.ts';

export interface FakeDesk extends DeskPort {
  emit(event: DeskEvent): void;
  executed: Command[];
}

export function createFakeDesk(bootId = 'boot-1'): FakeDesk {
  let snapshot = emptySnapshot(bootId);
  const listeners = new Set<(sequence: number, event: DeskEvent) => void>();
  const executed: Command[] = [];
  function emit(event: DeskEvent): void {
    snapshot = applyEvent(snapshot, snapshot.sequence + 1, event);
    for (const listener of listeners) listener(snapshot.sequence, event);
  }
  return {
    executed,
    emit,
    snapshot: () => snapshot,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    execute(command) {
      executed.push(command);
      if (command.name === 'closeAll') {
        return Promise.reject(new HalfspreadError('HS_DESK_FLAT', 'There is no position.', 'Nothing to do.'));
      }
      if (command.name === 'start') emit({ type: 'trading', trading: 'trading' });
      if (command.name === 'pause') emit({ type: 'trading', trading: 'paused' });
      return Promise.resolve({ done: command.name, times: executed.length });
    },
  };
}

export function noticeEvent(text: string): DeskEvent {
  return { type: 'notice', notice: { at: 1, level: 'info', code: 'HS_TEST', parameters: {}, message: text } };
}

export function emptySnapshot(bootId: string): Snapshot {
  const none = { n: 0 };
  return {
    sequence: 1,
    at: 1_700_000_000_000,
    desk: {
      engineVersion: '0.0.0',
      bootId,
      mode: 'practice',
      deskId: 'desk',
      coin: 'BTC',
      venueA: 'paradex',
      venueB: 'vest',
      spreadEntryBps: 1.5,
      spreadExitBps: -1,
      sizeE8: 1_000_000,
      leverage: 1,
      network: 'none',
      tape: 'tape',
      fees: { kind: 'zero', roundTripBps: 0 },
      orderClass: 'pro',
      startedAt: 1_700_000_000_000,
      dataFolder: '/data',
    },
    trading: 'observing',
    venues: [],
    spread: [],
    exposure: {
      netDeltaE8: 0,
      maxNetDeltaE8: 1,
      notionalUsdE8: 0,
      maxNotionalUsdE8: 1,
      maxUnhedgedMs: 1,
      dayLossE8: 0,
      maxDayLossE8: 1,
      ordersInDoubt: 0,
    },
    trades: [],
    missed: [],
    statistics: {
      entries: 0,
      exits: 0,
      missed: 0,
      unwound: 0,
      grossE8: 0,
      feesE8: 0,
      netE8: 0,
      slippage: none,
      slippageByLeg: [],
      slippageEntry: none,
      slippageExit: none,
      slippageValues: [],
      latency: [],
      latencyBuckets: [],
      detectionToSignal: none,
      loopDelay: none,
    },
    notices: [],
  };
}
