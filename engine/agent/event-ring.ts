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

/** @param firstSequence number of the last event before the ring was made. @param maxChars of all texts together. */
export function createEventRing(firstSequence: number, maxEvents: number, maxChars: number): EventRing {
  const entries: SequencedEvent[] = [];
  let chars = 0;
  let newest = firstSequence;
  return {
    push(entry) {
      entries.push(entry);
      chars += entry.text.length;
      newest = entry.sequence;
      while (entries.length > maxEvents || chars > maxChars) chars -= entries.shift()!.text.length;
    },
    after(sequence) {
      if (sequence > newest) return undefined;
      if (sequence === newest) return [];
      const index = entries.findIndex((entry) => entry.sequence === sequence + 1);
      return index < 0 ? undefined : entries.slice(index);
    },
    restart(sequence) {
      entries.length = 0;
      chars = 0;
      newest = sequence;
    },
  };
}
