import type { DeskEvent, Snapshot } from '../protocol/model.ts';
import type { SequencedEvent } from './event-ring.ts';

/** The market data of a snapshot as events of its number; the spread's points come with the next event. */
export function currentStates(snapshot: Snapshot): SequencedEvent[] {
  const events: DeskEvent[] = [
    ...snapshot.venues.map((venue): DeskEvent => ({ type: 'venue', venue })),
    { type: 'exposure', exposure: snapshot.exposure },
    { type: 'statistics', statistics: snapshot.statistics },
  ];
  return events.map((event) => ({ sequence: snapshot.sequence, event, text: JSON.stringify(event) }));
}
