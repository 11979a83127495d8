import { lockDataFolder } from './agent/folder-lock.ts';
import { botOf } from './config/bot.ts';
import { parseConfig } from './config/load.ts';
import type { BotConfig, Config } from './config/schema.ts';
import { assembleDesk } from './desk/assemble.ts';
import { liveSource } from './desk/live-source.ts';
import { paperSource } from './desk/paper-source.ts';
import { practiceSource } from './desk/practice-source.ts';
import type { VenueSource } from './desk/venue-source.ts';
import { parseVenueSet } from './desk/venue-set.ts';
import type { Desk } from './desk.ts';
import type { Env } from './env.ts';
import type { DeskConfigText, DeskLaunch } from './protocol/launch.ts';
import type { SpikeSensitivity } from './protocol/messages.ts';
import type { DeskEvent } from './protocol/model.ts';
import { createWorkerSigner } from './venues/signer/worker-signer.ts';

export interface StartDeskOptions {
  /** Absolute; of this mode alone. */
  dataFolder: string;
  /** Absent: `usual`. */
  spikeSensitivity?: SpikeSensitivity | undefined;
  /** Every event from the first on, also those from before the desk is ready. */
  onEvent?(sequence: number, event: DeskEvent): void;
}

/** A desk that runs, or is still trying to reach its venues. */
export interface StartedDesk {
  desk: Desk;
  /**
   * Resolves once it trades, observes or rests disarmed. A venue that does not answer is tried again until then. Rejects
   * with what a venue refused (key, market); everything is stopped then.
   */
  started: Promise<void>;
  /** Closes what is open (bounded), disconnects, closes the journal, ends the signer, gives the folder free. */
  stop(reason: string): Promise<void>;
}

/**
 * Starts the desk a launch describes: the same for the engine process on this machine and for an agent on a server.
 * Resolves as soon as there is a desk to serve; `started` says when its venues are reached.
 * @throws HalfspreadError HS_CONFIG_INVALID (file, line, field), HS_BAD_BOT, HS_VENUE_SET, HS_MARKET_UNKNOWN, HS_JOURNAL_*,
 *   HS_CONFIG_TRADE_OPEN, HS_DATA_IN_USE, HS_DISK; nothing is left running then.
 */
export async function startDesk(launch: DeskLaunch, env: Env, options: StartDeskOptions): Promise<StartedDesk> {
  const { bot, risk } = launch.config ? configOf(launch.config) : { bot: undefined, risk: undefined };
  const source = await venueSource(launch, env);
  const undo: (() => Promise<void>)[] = [];
  /** What was begun last ends first. */
  const undoAll = async (): Promise<void> => {
    for (const end of undo.splice(0).reverse()) await end();
  };
  try {
    const lock = await lockDataFolder(options.dataFolder);
    undo.push(() => lock.release());
    const signer = await createWorkerSigner(source.signerKeys);
    undo.push(() => signer.close());
    const desk = await assembleDesk({
      env,
      source,
      dataFolder: options.dataFolder,
      configPath: launch.config?.path,
      bot,
      risk,
      signer,
      spikeSensitivity: options.spikeSensitivity,
      holdsFolder: () => lock.isHeld(),
    });
    if (options.onEvent) desk.onEvent(options.onEvent);
    let stopping: Promise<void> | undefined;
    const stop = (reason: string): Promise<void> => (stopping ??= desk.stop(reason).then(undoAll));
    const started = desk.start().catch(async (error: unknown) => {
      await stop('it could not start');
      throw error;
    });
    return { desk, started, stop };
  } catch (error) {
    await undoAll();
    throw error;
  }
}

/** @throws HalfspreadError HS_VENUE_SET, NetworkError */
export async function venueSource(launch: DeskLaunch, env: Env): Promise<VenueSource> {
  switch (launch.mode) {
    case 'practice':
      return practiceSource(parseVenueSet(launch.venues));
    case 'paper':
      return paperSource(launch.endpoints, launch.assumptions);
    case 'live':
      return liveSource(env, launch.endpoints, launch.keys);
  }
}

function configOf({ text, path, bot }: DeskConfigText): { bot: BotConfig; risk: Config['risk'] } {
  const config = parseConfig(text, path);
  return { bot: botOf(config, path, bot), risk: config.risk };
}
