/**
 * What is done when this machine goes to sleep and wakes (product.md 9): with an engine on it, no exposure may start that
 * sleep would strand. Entries pause, sleep waits for that (bounded), entries go on afterwards only as they were, and never
 * in live. Remote engines are not concerned. Pure: state and event to state and actions.
 */
import type { Mode, Snapshot, TradingState } from '../../engine/protocol/model.ts';
import { holdsPositions, openTrades } from '../../engine/protocol/reading.ts';
import type { AppState } from '../ipc/schema.ts';

/** What main knows of this machine's engine at the moment. */
export interface SleepingDesk {
  /** `unreachable`: it runs, or may run, and nothing can be told to it. */
  engine: 'none' | 'unreachable' | 'reachable';
  trading: TradingState;
  mode: Mode;
  holdsPositions: boolean;
  openTradeId?: number;
}

export type SleepState =
  | { at: 'awake' }
  /** Sleep waits until entries are paused. */
  | { at: 'pausing'; desk: SleepingDesk }
  | { at: 'asleep'; startAgain: boolean }
  /** Awake, but the engine has not been heard of yet. */
  | { at: 'waking' };

export type SleepEvent =
  | { type: 'suspend'; desk: SleepingDesk }
  /** The engine's answer to `pause`, with the state it left. */
  | { type: 'paused'; desk: SleepingDesk }
  | { type: 'pauseFailed'; desk: SleepingDesk }
  | { type: 'pauseOverdue'; desk: SleepingDesk }
  | { type: 'resume'; desk: SleepingDesk }
  /** Engine, link or snapshot changed. */
  | { type: 'desk'; desk: SleepingDesk }
  /** Somebody started, paused, stopped or closed: what was before sleep counts no more. */
  | { type: 'commanded' };

export type SleepAction =
  | { type: 'pause' }
  | { type: 'start' }
  /** Keeps the machine from sleeping until `allowSleep`, as long as the system lets us. */
  | { type: 'holdSleep' }
  | { type: 'allowSleep' }
  | { type: 'tell'; what: 'openPosition' | 'notPaused'; tradeId?: number };

interface Step {
  state: SleepState;
  actions: SleepAction[];
}

export const AWAKE: SleepState = { at: 'awake' };

export function stepSleep(state: SleepState, event: SleepEvent): Step {
  switch (event.type) {
    case 'suspend':
      return suspend(state, event.desk);
    case 'paused':
      if (state.at !== 'pausing') return stay(state);
      // An engine that is still starting takes the command and trades once it has started.
      if (opensTrades(event.desk.trading)) return stepSleep(state, { type: 'pauseFailed', desk: event.desk });
      return {
        state: { at: 'asleep', startAgain: mayStartAgain(state.desk) },
        actions: [...positionTold(event.desk), ALLOW],
      };
    case 'pauseFailed':
    case 'pauseOverdue':
      if (state.at !== 'pausing') return stay(state);
      // It may have taken effect all the same: then it is undone after waking like any other.
      return {
        state: { at: 'asleep', startAgain: mayStartAgain(state.desk) },
        actions: [notPaused(event.desk), ALLOW],
      };
    case 'resume':
      return resume(state, event.desk);
    case 'desk':
      return state.at === 'waking' ? wake(event.desk) : stay(state);
    case 'commanded':
      if (state.at === 'asleep') return { state: { at: 'asleep', startAgain: false }, actions: [] };
      if (state.at === 'waking') return { state: AWAKE, actions: [] };
      return stay(state);
  }
}

function suspend(state: SleepState, desk: SleepingDesk): Step {
  switch (state.at) {
    case 'pausing':
      return stay(state);
    case 'asleep':
      return { state, actions: [ALLOW] };
    case 'waking':
      // It never came to start again: that is still to be done after this sleep.
      return { state: { at: 'asleep', startAgain: true }, actions: [notPaused(desk), ALLOW] };
    case 'awake':
      if (desk.engine === 'unreachable') {
        return { state: { at: 'asleep', startAgain: false }, actions: [notPaused(desk), ALLOW] };
      }
      if (desk.engine === 'reachable' && opensTrades(desk.trading)) {
        return { state: { at: 'pausing', desk }, actions: [{ type: 'pause' }] };
      }
      return { state: { at: 'asleep', startAgain: false }, actions: [...positionTold(desk), ALLOW] };
  }
}

function resume(state: SleepState, desk: SleepingDesk): Step {
  switch (state.at) {
    case 'awake':
    case 'waking':
      return stay(state);
    case 'pausing': {
      // Sleep was called off before the pause was confirmed.
      const next = mayStartAgain(state.desk) ? wake(desk) : { state: AWAKE, actions: [] };
      return { state: next.state, actions: [HOLD, ...next.actions] };
    }
    case 'asleep': {
      const next = state.startAgain ? wake(desk) : { state: AWAKE, actions: [] };
      return { state: next.state, actions: [HOLD, ...next.actions] };
    }
  }
}

/** Entries go on as soon as the engine is heard of and is as our pause left it. */
function wake(desk: SleepingDesk): Step {
  if (desk.engine === 'none') return { state: AWAKE, actions: [] };
  if (desk.engine === 'unreachable' || desk.trading === 'starting') return { state: { at: 'waking' }, actions: [] };
  const isOurPause = desk.trading === 'paused' && desk.mode !== 'live';
  return { state: AWAKE, actions: isOurPause ? [{ type: 'start' }] : [] };
}

/** A state without an answer does not compile. */
function opensTrades(trading: TradingState): boolean {
  switch (trading) {
    case 'starting':
    case 'trading':
      return true;
    case 'observing':
    case 'paused':
    case 'halted':
    case 'stopped':
    case 'locked':
      return false;
  }
}

function mayStartAgain({ mode }: SleepingDesk): boolean {
  return mode !== 'live';
}

function positionTold(desk: SleepingDesk): SleepAction[] {
  return desk.holdsPositions && desk.engine !== 'none'
    ? [{ type: 'tell', what: 'openPosition', ...tradeOf(desk) }]
    : [];
}

function notPaused(desk: SleepingDesk): SleepAction {
  return { type: 'tell', what: 'notPaused', ...tradeOf(desk) };
}

function tradeOf({ openTradeId }: SleepingDesk): { tradeId?: number } {
  return openTradeId === undefined ? {} : { tradeId: openTradeId };
}

const ALLOW: SleepAction = { type: 'allowSleep' };
const HOLD: SleepAction = { type: 'holdSleep' };

function stay(state: SleepState): Step {
  return { state, actions: [] };
}

/** The desk as the rule sees it: one on a server does not sleep with this machine. `snapshot` may be an older one while the engine is away. */
export function sleepingDesk(
  { engine, link }: Pick<AppState, 'engine' | 'link'>,
  snapshot: Snapshot | undefined,
  isHere: boolean,
): SleepingDesk {
  const isRunning = isHere && engine.state !== 'stopped' && engine.state !== 'blocked';
  const isReachable = isRunning && engine.state === 'running' && link.state === 'ready' && snapshot !== undefined;
  return {
    engine: !isRunning ? 'none' : isReachable ? 'reachable' : 'unreachable',
    trading: snapshot?.trading ?? 'starting',
    mode: snapshot?.desk.mode ?? 'practice',
    holdsPositions: snapshot !== undefined && holdsPositions(snapshot),
    openTradeId: snapshot && openTrades(snapshot)[0]?.id,
  };
}
