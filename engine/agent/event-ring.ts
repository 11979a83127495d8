/** The latest events as sent, so that a client which lost its connection gets what it missed and no more. */
import type { DeskEvent } from '../protocol/model.ts';

export interface SequencedEvent {
  sequence: number;
  event: DeskEvent;
  /** The event as JSON: it is written once for all sessions. */
  text: string;
}

export interface EventRing {
  push(entry: SequencedEvent): void;
  /** The events after `sequence`, oldest first; undefined when some of them are gone or were never known. */
  after(sequence: number): SequencedEvent[] | undefined;
  /** Another desk is served from now on: nothing before `sequence` can be resumed. */
  restart(sequence: number): void;
}

/**
 * Of a state that replaces the one before (statistics, a venue, one and the same trade) only the latest is kept: a client
 * needs no other, and all of an hour's would be most of the agent's memory.
 * @param firstSequence number of the last event before the ring was made. @param maxChars of all texts together.
 */
export function createEventRing(firstSequence: number, maxEvents: number, maxChars: number): EventRing {
  /** By sequence number, oldest first. */
  const entries = new Map<number, SequencedEvent>();
  let chars = 0;
  let newest = firstSequence;
  /** Everything after this one is here, or replaced by what is here. */
  let complete = firstSequence;
  const latest = new Map<string, SequencedEvent>();

  function drop(entry: SequencedEvent): void {
    if (entries.delete(entry.sequence)) chars -= entry.text.length;
  }

  /** The last one of its state is gone, too. */
  function forget(entry: SequencedEvent): void {
    drop(entry);
    const name = stateName(entry.event);
    if (name !== undefined && latest.get(name) === entry) latest.delete(name);
  }

  return {
    push(entry) {
      const name = stateName(entry.event);
      if (name !== undefined) {
        const before = latest.get(name);
        if (before) drop(before);
        latest.set(name, entry);
      }
      entries.set(entry.sequence, entry);
      chars += entry.text.length;
      newest = entry.sequence;
      while (entries.size > maxEvents || chars > maxChars) {
        const [oldest] = entries.values();
        forget(oldest!);
        complete = oldest!.sequence;
      }
    },
    after(sequence) {
      if (sequence > newest || sequence < complete) return undefined;
      return [...entries.values()].filter((entry) => entry.sequence > sequence);
    },
    restart(sequence) {
      entries.clear();
      latest.clear();
      chars = 0;
      newest = sequence;
      complete = sequence;
    },
  };
}

/** Of events of the same name, a later one says everything an earlier one did. A trade's record holds all its fills. */
function stateName(event: DeskEvent): string | undefined {
  switch (event.type) {
    case 'venue':
      return `venue ${event.venue.id}`;
    case 'trade':
      return `trade ${event.trade.id}`;
    case 'exposure':
    case 'statistics':
      return event.type;
    case 'spread':
    case 'desk':
    case 'trading':
    case 'missed':
    case 'notice':
    case 'spike':
    case 'arming':
      return undefined;
  }
}
