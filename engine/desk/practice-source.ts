import type { BotConfig } from '../config/schema.ts';
import { HalfspreadError } from '../core/errors.ts';
import { trimE8 } from '../core/units.ts';
import { createTradingVenue } from './trading-venue.ts';
import type { VenueSource } from './venue-source.ts';
import { tapeEndWallMs, type VenueSet } from './venue-set.ts';

/** The practice venues of one start, with the first of their throw-away accounts. */
export function practiceSource(venueSet: VenueSet): VenueSource {
  const { paradex, vest, markets, tape, network, fees } = venueSet;
  const paradexAccount = paradex.accounts[0]!;
  const vestAccount = vest.accounts[0]!;
  const access = {
    paradex: { restUrl: paradex.restUrl, wsUrl: paradex.wsUrl, accountAddress: paradexAccount.address },
    vest: { restUrl: vest.restUrl, wsUrl: vest.wsUrl, apiKey: vestAccount.apiKey, accountGroup: 0 },
  };
  return {
    mode: 'practice',
    network,
    tape: tape.id,
    fees: { kind: fees.kind, roundTripBps: fees.roundTripBps },
    venuesInstance: venueSet.instance,
    signerKeys: {
      paradex: {
        privateKey: paradexAccount.l2PrivateKey,
        accountAddress: paradexAccount.address,
        starknetChainId: paradex.starknetChainId,
      },
      vest: { signingKey: vestAccount.signingPrivateKey },
    },
    defaultBot: defaultBot(venueSet),
    symbolOf(venue, bot) {
      const market = markets.find((one) => one.coin === bot.pair);
      if (market) return market[venue];
      throw new HalfspreadError(
        'HS_MARKET_UNKNOWN',
        `The venues have no market for "${bot.pair}" (bots "${bot.id}", field pair).`,
        `Markets there are: ${markets.map((one) => one.coin).join(', ')}.`,
      );
    },
    tapeEndsAtWallMs: (nowWallMs) => tapeEndWallMs(tape, nowWallMs),
    createVenue: (name, parts) => createTradingVenue(access, name, parts),
  };
}

/** The desk practice runs without a config: the operator's pair of venues at the tape's own thresholds and size. */
function defaultBot({ tape, markets }: VenueSet): BotConfig {
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
