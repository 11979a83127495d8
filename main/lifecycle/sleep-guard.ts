import { toWireError } from '../../engine/protocol/errors.ts';
import type { Command } from '../../engine/protocol/messages.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { PowerEvent } from '../shell/power.ts';
import { AWAKE, stepSleep, type SleepAction, type SleepEvent, type SleepingDesk } from './sleep-rule.ts';

/** Under the 5 s for which logind waits at most (InhibitDelayMaxSec). */
const PAUSE_BOUND_MS = 4_000;

export interface SleepGuardOptions {
  desk(): SleepingDesk;
  command(command: Command): Promise<unknown>;
  /** Keeps the machine awake, or lets it sleep; undefined where the system gives no say in it. */
  power(): { holdSleep(): void; allowSleep(): void } | undefined;
  tell(what: Extract<SleepAction, { type: 'tell' }>['what'], tradeId: number | undefined): void;
  log(record: LogRecord): void;
}

/** Carries out the sleep rule. */
export interface SleepGuard {
  power(event: PowerEvent): void;
  /** Engine, link or snapshot changed. */
  observe(): void;
  /** A person gave this command to the engine. */
  commanded(command: Command): void;
  stop(): void;
}

export function createSleepGuard(options: SleepGuardOptions): SleepGuard {
  let state = AWAKE;
  let bound: NodeJS.Timeout | undefined;

  function feed(event: SleepEvent): void {
    const step = stepSleep(state, event);
    if (step.state.at !== state.at) options.log({ level: 'info', message: `sleep: ${state.at} -> ${step.state.at}` });
    state = step.state;
    if (state.at !== 'pausing') clearTimeout(bound);
    for (const action of step.actions) act(action);
  }

  function act(action: SleepAction): void {
    switch (action.type) {
      case 'pause':
        bound = setTimeout(() => feed({ type: 'pauseOverdue', desk: options.desk() }), PAUSE_BOUND_MS);
        options.command({ name: 'pause' }).then(
          () => feed({ type: 'paused', desk: options.desk() }),
          (error: unknown) => {
            options.log({
              level: 'error',
              message: 'entries could not be paused before sleep',
              detail: toWireError(error),
            });
            feed({ type: 'pauseFailed', desk: options.desk() });
          },
        );
        return;
      case 'start':
        options.command({ name: 'start' }).catch((error: unknown) => {
          options.log({
            level: 'warn',
            message: 'entries did not start again after sleep',
            detail: toWireError(error),
          });
        });
        return;
      case 'holdSleep':
        return options.power()?.holdSleep();
      case 'allowSleep':
        return options.power()?.allowSleep();
      case 'tell':
        return options.tell(action.what, action.tradeId);
    }
  }

  return {
    power(event) {
      if (event === 'suspend' || event === 'resume') feed({ type: event, desk: options.desk() });
    },
    observe: () => feed({ type: 'desk', desk: options.desk() }),
    commanded({ name }) {
      if (name === 'start' || name === 'pause' || name === 'stop' || name === 'closeAll') feed({ type: 'commanded' });
    },
    stop: () => clearTimeout(bound),
  };
}
