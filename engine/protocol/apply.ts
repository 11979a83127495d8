import { SNAPSHOT_LIMITS, type DeskEvent, type Snapshot } from './model.ts';

/** The snapshot after `event`, which carries `sequence`. Pure: returns a new object, shares what did not change. */
export function applyEvent(snapshot: Snapshot, sequence: number, event: DeskEvent): Snapshot {
  const next: Snapshot = { ...snapshot, sequence };
  switch (event.type) {
    case 'desk':
      next.desk = event.desk;
      break;
    case 'trading':
      next.trading = event.trading;
      next.tradingReason = event.reason;
      break;
    case 'venue':
      next.venues = snapshot.venues.some((venue) => venue.id === event.venue.id)
        ? snapshot.venues.map((venue) => (venue.id === event.venue.id ? event.venue : venue))
        : [...snapshot.venues, event.venue];
      break;
    case 'spread':
      next.spread = [...snapshot.spread, ...event.points].slice(-SNAPSHOT_LIMITS.spreadPoints);
      next.largestSpreadBps = event.largestSpreadBps ?? snapshot.largestSpreadBps;
      next.at = event.points.at(-1)?.at ?? snapshot.at;
      break;
    case 'exposure':
      next.exposure = event.exposure;
      break;
    case 'trade': {
      const rest = snapshot.trades.filter((trade) => trade.id !== event.trade.id);
      next.trades = [event.trade, ...rest].sort((a, b) => b.id - a.id).slice(0, SNAPSHOT_LIMITS.trades);
      break;
    }
    case 'missed':
      next.missed = [event.missed, ...snapshot.missed].slice(0, SNAPSHOT_LIMITS.missed);
      break;
    case 'statistics':
      next.statistics = event.statistics;
      break;
    case 'notice':
      next.notices = [event.notice, ...snapshot.notices].slice(0, SNAPSHOT_LIMITS.notices);
      break;
    case 'arming':
      next.arming = event.arming;
      break;
    case 'spike': {
      const { spike } = event;
      const others = (snapshot.spikes ?? []).filter(
        (other) => other.metric !== spike.metric || other.venue !== spike.venue,
      );
      next.spikes = spike.ended ? others : [...others, spike];
      break;
    }
  }
  return next;
}
