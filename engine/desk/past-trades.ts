import type { History } from '../journal/history.ts';
import type { Trade } from '../protocol/model.ts';
import { isOfSetting, type FigureSetting } from '../protocol/reading.ts';
import type { RiskBook } from './risk-book.ts';
import type { SpikeWatch } from './spike-watch.ts';
import type { DeskStatistics } from './statistics.ts';

/** Takes the journal's trades into the figures, oldest first; those of another setting must not flow in. */
export function learnPast(
  history: History,
  setting: FigureSetting,
  into: { statistics: DeskStatistics; spikes: SpikeWatch; risk: RiskBook },
): void {
  const trades = [...history.trades.values()].filter((trade) => isOfSetting(trade, setting));
  for (const trade of trades.sort((a, b) => a.id - b.id)) learn(trade, into);
}

function learn(trade: Trade, { statistics, spikes, risk }: Parameters<typeof learnPast>[2]): void {
  for (const episode of [trade.entry, trade.exit]) {
    if (!episode || episode.state === 'running') continue;
    statistics.addEpisode(episode);
    spikes.learn(trade.id, episode);
  }
  if (trade.netE8 === undefined) return;
  statistics.addTrade(trade);
  risk.addResult(trade.netE8, trade.closedAt ?? trade.openedAt);
}
