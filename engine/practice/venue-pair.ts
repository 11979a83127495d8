import { PARADEX_MARKET_SUFFIX, VEST_MARKET_SUFFIX } from './description.ts';
import type { FeeSchedule, PracticeAccounts, PracticeHost, VenueEndpoint } from './host.ts';
import type { LinkPreset } from './links/presets.ts';
import { createPracticeParadexAccounts } from './paradex/accounts.ts';
import { createParadexEndpoint, type ParadexEndpoint } from './paradex/endpoint.ts';
import type { ParadexVerifier } from './paradex/signatures/verifier.ts';
import type { Tape } from './tapes/load-tape.ts';
import { createTapePlayer, type TapePlayer } from './tapes/tape-player.ts';
import { createPracticeVestAccounts } from './vest/accounts.ts';
import { createVestEndpoint } from './vest/endpoint.ts';

export interface VenuePairOptions {
  host: PracticeHost;
  tape: Tape;
  preset: LinkPreset;
  fees: FeeSchedule;
  /** Of the accounts' keys. */
  seed: number;
  verifier: ParadexVerifier;
  atEnd: 'stop' | 'restart';
  onTapeLateness?(lateUs: number): void;
}

/** Both practice venues on one tape, without sockets. */
export interface VenuePair {
  player: TapePlayer;
  paradex: ParadexEndpoint;
  vest: VenueEndpoint;
  accounts: PracticeAccounts;
  stop(): void;
}

/** One for the desk, one for whoever wants to trade beside it. */
const ACCOUNTS_PER_VENUE = 2;

/** Builds both venues, the same on real and virtual hosts; `player.start` opens their markets. */
export function createVenuePair(options: VenuePairOptions): VenuePair {
  const { host, tape, preset, fees } = options;
  const player = createTapePlayer({
    tape,
    host,
    atEnd: options.atEnd,
    onLateness: options.onTapeLateness,
  });
  const accounts: PracticeAccounts = {
    paradex: createPracticeParadexAccounts(ACCOUNTS_PER_VENUE, options.seed),
    vest: createPracticeVestAccounts(ACCOUNTS_PER_VENUE, options.seed),
  };
  const orderProcessingUs = preset.orderProcessingMs * 1000;
  const ackToFillLagUs = preset.ackToFillLagMs * 1000;
  const { coin } = tape.file;
  const paradex = createParadexEndpoint({
    host,
    markets: [{ symbol: coin + PARADEX_MARKET_SUFFIX, market: player.markets.paradex }],
    accounts: accounts.paradex,
    fees,
    orderProcessingUs,
    ackToFillLagUs,
    verifier: options.verifier,
  });
  const vest = createVestEndpoint({
    host,
    markets: [{ symbol: coin + VEST_MARKET_SUFFIX, market: player.markets.vest }],
    accounts: accounts.vest,
    fees,
    orderProcessingUs,
    ackToFillLagUs,
  });
  return {
    player,
    paradex,
    vest,
    accounts,
    stop: () => {
      player.stop();
      paradex.stop();
      vest.stop();
    },
  };
}
