import { lockDataFolder } from './agent/folder-lock.ts';
import { botOf } from './config/bot.ts';
import { parseConfig } from './config/load.ts';
import type { BotConfig, Config } from './config/schema.ts';
import { HalfspreadError } from './core/errors.ts';
import { assembleDesk, signerKeysOf } from './desk/assemble.ts';
import { parseVenueSet } from './desk/venue-set.ts';
import type { Desk } from './desk.ts';
import type { Env } from './env.ts';
import type { DeskConfigText, DeskLaunch } from './protocol/launch.ts';
import type { DeskEvent } from './protocol/model.ts';
import { createWorkerSigner } from './venues/signer/worker-signer.ts';

export interface StartDeskOptions {
  /** Absolute; of this mode alone. */
  dataFolder: string;
  /** Every event from the first on, also those from before the desk is ready. */
  onEvent?(sequence: number, event: DeskEvent): void;
}

/** A desk that runs, or is still trying to reach its venues. */
export interface StartedDesk {
  desk: Desk;
  /** Closes what is open (bounded), disconnects, closes the journal, ends the signer, gives the folder free. */
  stop(reason: string): Promise<void>;
}

/**
 * Starts the desk a launch describes: the same for the engine process on this machine and for an agent on a server.
 * Resolves once it trades or observes.
 * @throws HalfspreadError HS_CONFIG_INVALID (file, line, field), HS_VENUE_SET, HS_MARKET_UNKNOWN, HS_JOURNAL_*, HS_FOLDER_*,
 *   or what a venue refused; nothing is left running then.
 */
export async function startDesk(launch: DeskLaunch, env: Env, options: StartDeskOptions): Promise<StartedDesk> {
  const { bot, risk } = launch.config ? configOf(launch.config) : { bot: undefined, risk: undefined };
  if (launch.mode !== 'practice') {
    throw new HalfspreadError(
      'HS_MODE_UNAVAILABLE',
      `This engine cannot run ${launch.mode} yet.`,
      'Use practice, or a newer version of Halfspread.',
    );
  }
  const venueSet = parseVenueSet(launch.venues);
  const undo: (() => Promise<void>)[] = [];
  /** What was begun last ends first. */
  const undoAll = async (): Promise<void> => {
    for (const end of undo.splice(0).reverse()) await end();
  };
  try {
    undo.push(await lockDataFolder(options.dataFolder));
    const signer = await createWorkerSigner(signerKeysOf(venueSet));
    undo.push(() => signer.close());
    const desk = await assembleDesk({
      env,
      venueSet,
      mode: launch.mode,
      dataFolder: options.dataFolder,
      configPath: launch.config?.path,
      bot,
      risk,
      signer,
    });
    if (options.onEvent) desk.onEvent(options.onEvent);
    await desk.start();
    return {
      desk,
      async stop(reason) {
        await desk.stop(reason);
        await undoAll();
      },
    };
  } catch (error) {
    await undoAll();
    throw error;
  }
}

function configOf({ text, path, bot }: DeskConfigText): { bot: BotConfig; risk: Config['risk'] } {
  const config = parseConfig(text, path);
  return { bot: botOf(config, path, bot), risk: config.risk };
}
