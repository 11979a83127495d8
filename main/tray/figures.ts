import type { Percentiles, Snapshot } from '../../engine/protocol/model.ts';
import { SNAPSHOT_LIMITS } from '../../engine/protocol/model.ts';
import { countedTrades, slowerLeg } from '../../engine/protocol/reading.ts';

const DAY_MS = 86_400_000;

export interface NetToday {
  /** 1e-8 USD. */
  netE8: number;
  /** Closed trades it is the sum of. */
  n: number;
  /** False when the snapshot does not reach back to the day's first trade. */
  isWhole: boolean;
}

/** Net of the trades closed since 0:00 UTC under the line, market and fees that run now. */
export function netToday(snapshot: Snapshot, nowMs: number): NetToday {
  const dayStartAt = nowMs - (nowMs % DAY_MS);
  const nets = countedTrades(snapshot)
    .filter(({ closedAt }) => closedAt !== undefined && closedAt >= dayStartAt)
    .flatMap(({ netE8 }) => netE8 ?? []);
  const oldest = snapshot.trades.at(-1);
  const isWhole = snapshot.trades.length < SNAPSHOT_LIMITS.trades || (oldest?.openedAt ?? 0) < dayStartAt;
  return { netE8: nets.reduce((sum, net) => sum + net, 0), n: nets.length, isWhole };
}

/** order_to_confirm of the slower leg: the trade's value is the slower leg's (product.md 4). */
export function orderToConfirm(snapshot: Snapshot): Percentiles | undefined {
  return slowerLeg(snapshot.statistics)?.orderToConfirm;
}
