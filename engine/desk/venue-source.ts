import type { BotConfig } from '../config/schema.ts';
import type { Env } from '../env.ts';
import type { DeskInfo } from '../protocol/model.ts';
import type { SignerKeys, SignerPort } from '../venues/signer/port.ts';
import type { OrderIds, VenueClient, VenueListener } from '../venues/venue.ts';
import type { LiveDuties } from './live-duties.ts';
import type { VenueProbe } from './venue-findings.ts';

export type VenueName = BotConfig['dex_a'];

/** What a venue client is made of, whichever mode it serves. */
export interface VenueParts {
  env: Env;
  bot: BotConfig;
  symbol: string;
  ids: OrderIds;
  signer: SignerPort;
  listener: VenueListener;
  dataFolder: string;
}

/** Where a desk's venues come from: the one thing that differs between practice, paper and live. */
export interface VenueSource extends Pick<DeskInfo, 'mode' | 'network' | 'tape' | 'fees'> {
  /** Which venues and accounts these are: open positions of another instance are not this desk's. */
  venuesInstance: string;
  signerKeys: SignerKeys;
  /** Fits the market without a config; undefined where the operator must say what to trade. */
  defaultBot: BotConfig | undefined;
  /** The venue's symbol of a coin. @throws HalfspreadError HS_MARKET_UNKNOWN listing what there is, where it is known. */
  symbolOf(venue: VenueName, bot: BotConfig): string;
  /** End of the recorded market, wall ms; undefined for a market that does not end. */
  tapeEndsAtWallMs(nowWallMs: number): number | undefined;
  createVenue(name: VenueName, parts: VenueParts): VenueClient;
  /** Paper and live. */
  real?: {
    /** Public, read-only looks at the venues. */
    probe(bot: BotConfig, env: Env): VenueProbe;
    /** Live only. */
    live?: Omit<LiveDuties, 'holdsFolder'>;
  };
}
