import { riskSchema, type BotConfig, type Config } from '../config/schema.ts';
import { HalfspreadError } from '../core/errors.ts';
import type { LegName } from '../core/trade-types.ts';
import { trimE8 } from '../core/units.ts';
import { Desk } from '../desk.ts';
import type { Env } from '../env.ts';
import { buildHistory } from '../journal/history.ts';
import { openJournal } from '../journal/journal.ts';
import { createOrderIds } from '../journal/order-ids.ts';
import type { SpikeSensitivity } from '../protocol/messages.ts';
import type { Mode } from '../protocol/model.ts';
import { createParadexClient } from '../venues/paradex/client.ts';
import type { SignerKeys, SignerPort } from '../venues/signer/port.ts';
import type { OrderIds, VenueClient, VenueListener } from '../venues/venue.ts';
import { createVestClient } from '../venues/vest/client.ts';
import { ENGINE_VERSION } from '../version.ts';
import { openOperatorLog } from './operator-log.ts';
import { RECEIVE_WINDOW_MS } from './plan.ts';
import { tapeEndWallMs, type VenueSet } from './venue-set.ts';

export interface AssembleOptions {
  env: Env;
  venueSet: VenueSet;
  mode: Mode;
  dataFolder: string;
  configPath?: string;
  /** Without a config: the tape's own thresholds and size. */
  bot?: BotConfig;
  risk?: Config['risk'];
  signer: SignerPort;
  spikeSensitivity?: SpikeSensitivity;
}

/** The keys a signer needs for these venues' first accounts. */
export function signerKeysOf(venueSet: VenueSet): SignerKeys {
  const paradex = venueSet.paradex.accounts[0]!;
  return {
    paradex: {
      privateKey: paradex.l2PrivateKey,
      accountAddress: paradex.address,
      starknetChainId: venueSet.paradex.starknetChainId,
    },
    vest: { signingKey: venueSet.vest.accounts[0]!.signingPrivateKey },
  };
}

/**
 * Opens journal and event log, then puts a desk together. Nothing is connected before `desk.start()`.
 * @throws HalfspreadError HS_MARKET_UNKNOWN, HS_JOURNAL_CORRUPT, HS_DISK
 */
export async function assembleDesk(options: AssembleOptions): Promise<Desk> {
  const { env, venueSet, mode, dataFolder, signer } = options;
  const bot = options.bot ?? defaultBot(venueSet);
  const market = venueSet.markets.find((one) => one.coin === bot.pair);
  if (!market) {
    throw new HalfspreadError(
      'HS_MARKET_UNKNOWN',
      `The venues have no market for "${bot.pair}" (bots "${bot.id}", field pair).`,
      `Markets there are: ${venueSet.markets.map((one) => one.coin).join(', ')}.`,
    );
  }
  const symbolAt = (venue: BotConfig['dex_a']): string => market[venue];
  const { journal, records, tornTail } = await openJournal(env, dataFolder);
  const history = buildHistory(records);
  const ids = await createOrderIds(env, journal, records);
  const log = await openOperatorLog(env, dataFolder);
  const bootId = [...env.random.bytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  journal.append({
    kind: 'started',
    bootId,
    version: ENGINE_VERSION,
    mode,
    network: venueSet.network,
    tape: venueSet.tape.id,
    venuesInstance: venueSet.instance,
  });
  const desk = new Desk({
    env,
    bot,
    risk: options.risk ?? riskSchema.parse({}),
    setting: {
      engineVersion: ENGINE_VERSION,
      bootId,
      mode,
      network: venueSet.network,
      tape: venueSet.tape.id,
      fees: { kind: venueSet.fees.kind, roundTripBps: venueSet.fees.roundTripBps },
      configPath: options.configPath,
      dataFolder,
    },
    symbols: { A: symbolAt(bot.dex_a), B: symbolAt(bot.dex_b) },
    journal,
    history,
    venuesInstance: venueSet.instance,
    log,
    spikeSensitivity: options.spikeSensitivity,
    tapeEndsAtWallMs: () => tapeEndWallMs(venueSet.tape, env.clock.wallMs()),
    createVenue: (leg: LegName, listener) =>
      createVenue(leg === 'A' ? bot.dex_a : bot.dex_b, {
        env,
        venueSet,
        bot,
        symbol: symbolAt(leg === 'A' ? bot.dex_a : bot.dex_b),
        ids,
        signer,
        listener,
      }),
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

interface VenueParts {
  env: Env;
  venueSet: VenueSet;
  bot: BotConfig;
  symbol: string;
  ids: OrderIds;
  signer: SignerPort;
  listener: VenueListener;
}

function createVenue(name: BotConfig['dex_a'], parts: VenueParts): VenueClient {
  const { env, venueSet, bot, symbol, ids, signer, listener } = parts;
  switch (name) {
    case 'paradex': {
      const { restUrl, wsUrl, accounts } = venueSet.paradex;
      const config = {
        restUrl,
        wsUrl,
        accountAddress: accounts[0]!.address,
        orderClass: bot.order_class,
        symbols: [symbol],
        receiveWindowMs: RECEIVE_WINDOW_MS,
      };
      return createParadexClient({ env, config, signer, ids, listener });
    }
    case 'vest': {
      const { restUrl, wsUrl, accounts } = venueSet.vest;
      const config = {
        restUrl,
        wsUrl,
        apiKey: accounts[0]!.apiKey,
        symbols: [symbol],
        receiveWindowMs: RECEIVE_WINDOW_MS,
        leverage: { [symbol]: Math.round(bot.leverage) },
      };
      return createVestClient({ env, config, signer, ids, listener });
    }
  }
}

/** The desk practice runs without a config: the operator's pair of venues at the tape's own thresholds and size. */
function defaultBot(venueSet: VenueSet): BotConfig {
  const { tape, markets } = venueSet;
  return {
    id: 'practice',
    pair: markets[0]!.coin,
    dex_a: 'vest',
    dex_b: 'paradex',
    spread_entry: tape.entryBps / 100,
    spread_exit: tape.exitBps / 100,
    entry_confirm_ticks: 1,
    exit_confirm_ticks: 1,
    slippage_buffer_pct: 0.1,
    cooldown_ms: 1000,
    leverage: 5,
    position_size: Number(trimE8(tape.sizeE8)),
    order_class: 'pro',
  };
}
