import { riskSchema, type BotConfig, type Config } from '../config/schema.ts';
import { HalfspreadError } from '../core/errors.ts';
import { Desk } from '../desk.ts';
import type { Env } from '../env.ts';
import { buildHistory } from '../journal/history.ts';
import { openJournal } from '../journal/journal.ts';
import { createOrderIds } from '../journal/order-ids.ts';
import type { SpikeSensitivity } from '../protocol/messages.ts';
import type { SignerPort } from '../venues/signer/port.ts';
import { ENGINE_VERSION } from '../version.ts';
import { refuseForeignJournal } from './foreign-journal.ts';
import { openOperatorLog } from './operator-log.ts';
import type { VenueSource } from './venue-source.ts';

export interface AssembleOptions {
  env: Env;
  source: VenueSource;
  dataFolder: string;
  configPath?: string;
  /** Without a config: the source's own (practice has one). */
  bot?: BotConfig;
  risk?: Config['risk'];
  signer: SignerPort;
  /** Absent: `usual`. */
  spikeSensitivity?: SpikeSensitivity | undefined;
  /** Whether this process still holds the data folder; looked at before a live desk is armed. Absent on a disk nobody shares. */
  holdsFolder?(): Promise<boolean>;
}

/**
 * Opens journal and event log, then puts a desk together. Nothing is connected before `desk.start()`.
 * @throws HalfspreadError HS_MARKET_UNKNOWN, HS_CONFIG_MISSING, HS_JOURNAL_CORRUPT, HS_JOURNAL_FOREIGN, HS_DISK
 */
export async function assembleDesk(options: AssembleOptions): Promise<Desk> {
  const { env, source, dataFolder, signer } = options;
  const bot = options.bot ?? source.defaultBot;
  if (!bot) {
    throw new HalfspreadError(
      'HS_CONFIG_MISSING',
      `A ${source.mode} desk needs a config: what to trade, at which spread, how much.`,
      'Write one; `halfspread run --help` shows an example.',
    );
  }
  const symbols = { A: source.symbolOf(bot.dex_a, bot), B: source.symbolOf(bot.dex_b, bot) };
  const { journal, records, tornTail } = await openJournal(env, dataFolder);
  const history = buildHistory(records);
  try {
    refuseForeignJournal(history, source, bot, dataFolder);
  } catch (error) {
    await journal.close();
    throw error;
  }
  const ids = await createOrderIds(env, journal, records);
  const log = await openOperatorLog(env, dataFolder);
  const bootId = [...env.random.bytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const { mode, network, tape, fees, venuesInstance } = source;
  journal.append({ kind: 'started', bootId, version: ENGINE_VERSION, mode, network, tape, venuesInstance });
  const desk = new Desk({
    env,
    bot,
    risk: options.risk ?? riskSchema.parse({}),
    setting: {
      engineVersion: ENGINE_VERSION,
      bootId,
      mode,
      network,
      tape,
      fees,
      configPath: options.configPath,
      dataFolder,
    },
    symbols,
    journal,
    history,
    venuesInstance,
    log,
    spikeSensitivity: options.spikeSensitivity,
    tapeEndsAtWallMs: () => source.tapeEndsAtWallMs(env.clock.wallMs()),
    createVenue: (leg, listener) =>
      source.createVenue(leg === 'A' ? bot.dex_a : bot.dex_b, {
        env,
        bot,
        symbol: symbols[leg],
        ids,
        signer,
        listener,
        dataFolder,
      }),
    real: source.real && {
      probe: source.real.probe(bot, env),
      live: source.real.live && {
        ...source.real.live,
        holdsFolder: options.holdsFolder ?? (() => Promise.resolve(true)),
      },
    },
  });
  if (tornTail) {
    desk.tell(
      'warn',
      'HS_JOURNAL_TORN',
      `Line ${tornTail.line} of the journal was cut short (${tornTail.bytes} bytes) and is kept in ${tornTail.keptIn}; everything before it was read.`,
    );
  }
  return desk;
}
