import type { BotConfig } from '../config/schema.ts';
import { HalfspreadError } from '../core/errors.ts';
import type { History } from '../journal/history.ts';
import { unfinishedTrades } from './restore.ts';
import type { VenueSource } from './venue-source.ts';

/**
 * A journal is taken up by the mode, network and accounts that wrote it, and an open trade by the config it was opened
 * with: what a paper trade holds must never be looked for at a real venue, nor BTC be closed as ETH. Practice venues may
 * be new at each start; their trades end with them.
 * @throws HalfspreadError HS_JOURNAL_FOREIGN, HS_CONFIG_TRADE_OPEN
 */
export function refuseForeignJournal(
  history: History,
  source: Pick<VenueSource, 'mode' | 'venuesInstance'>,
  bot: BotConfig,
  dataFolder: string,
): void {
  const sameMode = history.mode === undefined || history.mode === source.mode;
  const sameVenues =
    source.mode === 'practice' || (history.venuesInstance ?? source.venuesInstance) === source.venuesInstance;
  if (!sameMode || !sameVenues) {
    throw new HalfspreadError(
      'HS_JOURNAL_FOREIGN',
      `The journal in ${dataFolder} belongs to "${sameMode ? history.venuesInstance : history.mode}", this desk is "${sameMode ? source.venuesInstance : source.mode}".`,
      'Give each mode and account a data folder of its own (--data names another).',
    );
  }
  if (history.venuesInstance !== source.venuesInstance) return;
  for (const { id, coin, longVenue, shortVenue, direction } of unfinishedTrades(history)) {
    const venueA = direction === 'AOverB' ? longVenue : shortVenue;
    if (coin === bot.pair && venueA === bot.dex_a) continue;
    throw new HalfspreadError(
      'HS_CONFIG_TRADE_OPEN',
      `Trade #${id} in ${coin} is still open, opened with ${venueA} as dex_a; the config now says ${bot.pair} with ${bot.dex_a}.`,
      'Start with the old config, close the trade, then change it.',
    );
  }
}
