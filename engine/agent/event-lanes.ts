import type { DeskEvent, SpreadPoint, Statistics } from '../protocol/model.ts';
import { nextStatisticsPart } from '../protocol/statistics-parts.ts';
import type { SequencedEvent } from './event-ring.ts';

/** Of the spread's points that waited, every second one is left out until no more than these are left. */
const MAX_WAITING_POINTS = 120;
/** Of the statistics' lists in one message, which has 2 KB of figures besides: about a second of a line of 32 kbit/s. */
const MAX_LIST_CHARS = 2_000;

/**
 * The events one client still has to get. What happened (trades, fills, notices, missed opportunities, states) goes first,
 * in order and completely; of market data, and of one and the same trade, only the latest state waits. Statistics go in small
 * parts, so that what happened never waits behind them.
 */
export interface EventLanes {
  /**
   * The client has everything up to `sequence`: a snapshot or a resumption begins there. What waits is dropped.
   * @param statistics of the snapshot; absent when it is not known which ones the client has
   */
  startAt(sequence: number, statistics?: Statistics): void;
  push(entry: SequencedEvent): void;
  /** Text of the next message; undefined when nothing waits. */
  next(): string | undefined;
  /** Characters waiting. */
  waiting(): number;
}

export function createEventLanes(): EventLanes {
  /** Number the client's latest message carried. */
  let sent = 0;
  let knownStatistics: Statistics | undefined;
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

  /** What is new of them, in its turn: the rest of much waits behind the other market data. */
  function statisticsText(key: string, entry: SequencedEvent, wanted: Statistics): string {
    const { part, kept, then, isComplete } = nextStatisticsPart(knownStatistics, wanted, MAX_LIST_CHARS);
    knownStatistics = then;
    if (!isComplete) put(market, key, entry);
    const event = JSON.stringify({ type: 'statistics', statistics: part } satisfies DeskEvent);
    return kept ? `${event},"kept":${JSON.stringify(kept)}` : event;
  }

  return {
    startAt(sequence, statistics) {
      sent = sequence;
      knownStatistics = statistics;
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
      const [key, entry] = first;
      const { sequence } = entry;
      lane.delete(key);
      chars -= entry.text.length;
      const text = entry.event.type === 'statistics' ? statisticsText(key, entry, entry.event.statistics) : entry.text;
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
