import type { Episode, Trade } from '../../engine/protocol/model.ts';

/** Where the net of closed trades comes from, in USD: grossAtSignal - delay - walk - fees = net, exactly. */
export interface NetBreakdown {
  trades: number;
  /** What the spreads at the two signals promised. */
  grossAtSignalUsd: number;
  delayUsd: number;
  walkUsd: number;
  feesUsd: { venue: string; usd: number }[];
  netUsd: number;
}

/**
 * Sums the closed trades that carry their result. Delay and walk in USD are the legs' bps of the episode's base (the
 * buying leg's touch at detection times the filled size, product.md 4); the promised gross is what makes the sum exact.
 */
export function netBreakdown(trades: readonly Trade[]): NetBreakdown {
  const result: NetBreakdown = { trades: 0, grossAtSignalUsd: 0, delayUsd: 0, walkUsd: 0, feesUsd: [], netUsd: 0 };
  const fees = new Map<string, number>();
  for (const trade of trades) {
    if (trade.state !== 'FLAT' || trade.netE8 === undefined || trade.grossE8 === undefined) continue;
    result.trades++;
    result.netUsd += trade.netE8 / 1e8;
    result.grossAtSignalUsd += trade.grossE8 / 1e8;
    for (const episode of trade.exit ? [trade.entry, trade.exit] : [trade.entry]) addEpisode(result, fees, episode);
  }
  result.grossAtSignalUsd += result.delayUsd + result.walkUsd;
  result.feesUsd = [...fees].map(([venue, usd]) => ({ venue, usd })).sort((a, b) => a.venue.localeCompare(b.venue));
  return result;
}

function addEpisode(result: NetBreakdown, fees: Map<string, number>, episode: Episode): void {
  const buying = episode.legs.find((leg) => leg.side === 'BUY');
  for (const leg of episode.legs) {
    const feeE8 = leg.fills.reduce((sum, fill) => sum + fill.feeE8, 0);
    fees.set(leg.venue, (fees.get(leg.venue) ?? 0) + feeE8 / 1e8);
    if (!leg.cost || !buying) continue;
    const baseUsd = (buying.touchAtDetectionE8 / 1e8) * (leg.filledE8 / 1e8);
    result.delayUsd += (leg.cost.delayBps / 1e4) * baseUsd;
    result.walkUsd += (leg.cost.walkBps / 1e4) * baseUsd;
  }
}
