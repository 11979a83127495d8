import type { DeskEvent, SpreadPoint } from '../protocol/model.ts';
import type { SequencedEvent } from './event-ring.ts';

/** Of the spread's points that waited, every second one is left out until no more than these are left. */
const MAX_WAITING_POINTS = 120;

/**
 * The events one client still has to get. What happened (trades, fills, notices, missed opportunities, states) goes first,
 * in order and completely; of market data, and of one and the same trade, only the latest state waits.
 */
export interface EventLanes {
  /** The client has everything up to `sequence`: a snapshot or a resumption begins there. What waits is dropped. */
  startAt(sequence: number): void;
  push(entry: SequencedEvent): void;
  /** Text of the next message; undefined when nothing waits. */
  next(): string | undefined;
  /** Characters waiting. */
  waiting(): number;
}

export function createEventLanes(): EventLanes {
  /** Number the client's latest message carried. */
  let sent = 0;
  let chars = 0;
  const history = new Map<string, SequencedEvent>();
  const market = new Map<string, SequencedEvent>();

  function put(lane: Map<string, SequencedEvent>, key: string, entry: SequencedEvent): void {
    const waiting = lane.get(key);
    const merged = waiting ? mergeSpread(waiting, entry) : entry;
    // Deleted first: the lane's order is the order of sequence numbers.
    lane.delete(key);
    lane.set(key, merged);
    chars += merged.text.length - (waiting?.text.length ?? 0);
  }

  return {
    startAt(sequence) {
      sent = sequence;
      chars = 0;
      history.clear();
      market.clear();
    },
    push(entry) {
      const key = marketKey(entry.event);
      if (key !== undefined) put(market, key, entry);
      else put(history, historyKey(entry), entry);
    },
    next() {
      const lane = history.size > 0 ? history : market;
      const [first] = lane;
      if (!first) return undefined;
      const [key, { sequence, text }] = first;
      lane.delete(key);
      chars -= text.length;
      const after = sent;
      // Market data that let history go ahead carries the number of what went ahead: it is at least that new.
      sent = Math.max(sent, sequence);
      const gap = sent === after + 1 ? '' : `"after":${after},`;
      return `{"type":"EVENT","sequence":${sent},${gap}"event":${text}}`;
    },
    waiting: () => chars,
  };
}

/** Name of the state this event replaces; undefined for what happened and must all be told. */
function marketKey(event: DeskEvent): string | undefined {
  switch (event.type) {
    case 'venue':
      return `venue ${event.venue.id}`;
    case 'spread':
    case 'exposure':
    case 'statistics':
      return event.type;
    case 'desk':
    case 'trading':
    case 'trade':
    case 'missed':
    case 'notice':
    case 'spike':
    case 'arming':
      return undefined;
  }
}

/** A trade's record holds all its fills, so a later one covers an earlier one; everything else is kept singly. */
function historyKey({ sequence, event }: SequencedEvent): string {
  return event.type === 'trade' ? `trade ${event.trade.id}` : `${sequence}`;
}

function mergeSpread(waiting: SequencedEvent, entry: SequencedEvent): SequencedEvent {
  if (waiting.event.type !== 'spread' || entry.event.type !== 'spread') return entry;
  const event: DeskEvent = {
    type: 'spread',
    points: thinned([...waiting.event.points, ...entry.event.points]),
    largestSpreadBps: entry.event.largestSpreadBps ?? waiting.event.largestSpreadBps,
  };
  return { sequence: entry.sequence, event, text: JSON.stringify(event) };
}

/** The newest point always stays. */
function thinned(points: SpreadPoint[]): SpreadPoint[] {
  return points.length <= MAX_WAITING_POINTS
    ? points
    : points.filter((_point, index) => (points.length - 1 - index) % 2 === 0);
}
