import { randomBytes } from 'node:crypto';
import { errorMessage, HalfspreadError } from '../../core/errors.ts';
import { DeskStore } from '../../desk/store.ts';
import type { Env } from '../../env.ts';
import type { DeskLaunch } from '../../protocol/launch.ts';
import type { Command, DeskPort } from '../../protocol/messages.ts';
import type { DeskEvent, Snapshot } from '../../protocol/model.ts';
import { holdsPositions } from '../../protocol/reading.ts';
import type { StartDeskOptions, StartedDesk } from '../../start-desk.ts';
import { ENGINE_VERSION } from '../../version.ts';
import { lockedSnapshot, openTradesOfJournals, readLastDesk, tradesOfJournal, writeLastDesk } from './locked-desk.ts';
import { dataFolderOf, type StateFolder } from './state-folder.ts';

/** The desk of an agent: none while it is locked, then the one it was unlocked with. Clients see one DeskPort. */
export interface AgentDesk extends DeskPort {
  isLocked(): boolean;
  /** No open trade in any journal, no position at the venues as far as is known here. */
  isFlat(): boolean;
  /**
   * @param grant makes the term this agent's, before the desk starts
   * @throws HalfspreadError HS_AGENT_UNLOCKED, what `grant` or startDesk throws: then it is locked as before.
   */
  unlock(launch: DeskLaunch, grant: () => Promise<void>): Promise<void>;
  /** Closes what is open, stops the desk, forgets its keys. */
  lock(reason: string): Promise<void>;
  /** The same at the end of the process: waits a moment for an unlock that is under way. */
  close(reason: string): Promise<void>;
  /** Called when `snapshot()` is another desk's from now on. */
  onReplaced(listener: () => void): void;
}

export interface AgentDeskOptions {
  folder: StateFolder;
  env: Env;
  startDesk(launch: DeskLaunch, env: Env, options: StartDeskOptions): Promise<StartedDesk>;
  onEvent(event: DeskEvent): void;
}

const UNLOCK_GRACE_MS = 5_000;
/** Less than a client waits for the answer to a command. */
const UNLOCK_ANSWER_MS = 20_000;
const AFTER_START = 'The agent has just started: keys are never kept on its disk.';

/** @throws HalfspreadError HS_STATE_FILE, HS_JOURNAL_CORRUPT */
export async function createAgentDesk(options: AgentDeskOptions): Promise<AgentDesk> {
  const { folder, env } = options;
  const replaced: (() => void)[] = [];
  const listeners = new Set<(sequence: number, event: DeskEvent) => void>();
  let running: StartedDesk | undefined;
  /** One of unlock and lock at a time. */
  let changing: Promise<unknown> | undefined;
  let hasOpenTrades = false;
  let locked = await newLockedStore(AFTER_START);

  async function newLockedStore(why: string): Promise<DeskStore> {
    const lastDesk = await readLastDesk(folder);
    const open = await openTradesOfJournals(folder);
    hasOpenTrades = open.length > 0;
    const exposed = hasOpenTrades ? ` ${open.length} of its trades are open and are not looked after.` : '';
    const store = new DeskStore(
      lockedSnapshot({
        engineVersion: ENGINE_VERSION,
        bootId: randomBytes(8).toString('hex'),
        nowAt: env.clock.wallMs(),
        sequence: 0,
        lastDesk,
        trades: lastDesk ? await tradesOfJournal(lastDesk.dataFolder) : [],
        reason: { code: hasOpenTrades ? 'HS_AGENT_LOCKED_OPEN' : 'HS_AGENT_LOCKED', message: `${why}${exposed}` },
      }),
    );
    store.onEvent(tell);
    return store;
  }

  function tell(sequence: number, event: DeskEvent): void {
    for (const listener of listeners) listener(sequence, event);
  }

  function replace(next: StartedDesk | undefined): void {
    running = next;
    next?.desk.onEvent(tell);
    for (const listener of replaced) listener();
  }

  async function stopRunning(reason: string): Promise<void> {
    await running?.stop(reason);
  }

  async function alone<Value>(work: () => Promise<Value>): Promise<Value> {
    if (changing) {
      throw new HalfspreadError(
        'HS_AGENT_BUSY',
        'The agent is being unlocked or locked at this moment; nothing else was done.',
        'Wait until it is done, then look at its state.',
      );
    }
    const result = work();
    changing = result;
    try {
      return await result;
    } finally {
      changing = undefined;
    }
  }

  /** Its venues, within the time a client waits for its answer; later refusals lock the agent again. */
  async function reached(started: StartedDesk): Promise<void> {
    let isWaiting = true;
    const late = new Promise<void>((resolve) => env.timers.after(UNLOCK_ANSWER_MS, resolve));
    const failedLater = started.started.catch(async (error: unknown) => {
      if (isWaiting) throw error;
      if (running !== started) return;
      locked = await newLockedStore(`The desk could not be started: ${errorMessage(error)}`);
      replace(undefined);
    });
    await Promise.race([failedLater, late]);
    isWaiting = false;
  }

  function lock(reason: string): Promise<void> {
    return alone(async () => {
      if (!running) return;
      await running.stop(reason);
      locked = await newLockedStore(reason);
      replace(undefined);
    });
  }

  return {
    isLocked: () => running === undefined,
    isFlat: () => (running ? !holdsPositions(running.desk.snapshot()) : !hasOpenTrades),
    snapshot: (): Snapshot => (running ? running.desk.snapshot() : locked.snapshot()),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReplaced: (listener) => void replaced.push(listener),
    execute(command: Command) {
      return running ? running.desk.execute(command) : Promise.reject(agentLocked(command));
    },
    unlock: (launch, grant) =>
      alone(async () => {
        if (running) throw alreadyUnlocked();
        await grant();
        locked.publish({ type: 'trading', trading: 'starting' });
        try {
          const started = await options.startDesk(launch, env, {
            dataFolder: dataFolderOf(folder, launch),
            onEvent: (_sequence, event) => options.onEvent(event),
          });
          // Looked at from the first moment: it may refuse at any time.
          const isReached = reached(started);
          replace(started);
          const isNoted = writeLastDesk(folder, started.desk.snapshot().desk);
          for (const outcome of await Promise.allSettled([isReached, isNoted])) {
            if (outcome.status === 'rejected') throw outcome.reason;
          }
        } catch (error) {
          // A desk that could not start has stopped itself; then this only waits for its end.
          await stopRunning('it could not be started');
          locked = await newLockedStore(`The desk could not be started: ${errorMessage(error)}`);
          replace(undefined);
          throw error;
        }
      }),
    lock,
    async close(reason) {
      const settled = Promise.allSettled([changing]);
      await Promise.race([settled, new Promise<void>((resolve) => env.timers.after(UNLOCK_GRACE_MS, resolve))]);
      if (!changing) await lock(reason);
    },
  };
}

function agentLocked(command: Command): HalfspreadError {
  return new HalfspreadError(
    'HS_AGENT_LOCKED',
    `The agent is locked: it has no keys and runs no desk. "${command.name}" was not done.`,
    'Unlock it from the desktop; that happens by itself when Halfspread is running there.',
  );
}

function alreadyUnlocked(): HalfspreadError {
  return new HalfspreadError(
    'HS_AGENT_UNLOCKED',
    'The agent is unlocked already and its desk runs; nothing was changed.',
    'To give it other keys or another desk, lock it first.',
  );
}
