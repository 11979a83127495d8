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
 * Of statistics only the latest are kept: they replace all before them, and are by far the largest (80 KB; a hundred of
 * them, with their objects, would be most of the agent's memory).
 * @param firstSequence number of the last event before the ring was made. @param maxChars of all texts together.
 */
export function createEventRing(firstSequence: number, maxEvents: number, maxChars: number): EventRing {
  /** By sequence number, oldest first. */
  const entries = new Map<number, SequencedEvent>();
  let chars = 0;
  let newest = firstSequence;
  /** Everything after this one is here, or replaced by what is here. */
  let complete = firstSequence;
  let statistics: SequencedEvent | undefined;

  function drop(entry: SequencedEvent): void {
    if (entries.delete(entry.sequence)) chars -= entry.text.length;
  }

  return {
    push(entry) {
      if (entry.event.type === 'statistics') {
        if (statistics) drop(statistics);
        statistics = entry;
      }
      entries.set(entry.sequence, entry);
      chars += entry.text.length;
      newest = entry.sequence;
      while (entries.size > maxEvents || chars > maxChars) {
        const [oldest] = entries.values();
        drop(oldest!);
        complete = oldest!.sequence;
      }
    },
    after(sequence) {
      if (sequence > newest || sequence < complete) return undefined;
      return [...entries.values()].filter((entry) => entry.sequence > sequence);
    },
    restart(sequence) {
      entries.clear();
      statistics = undefined;
      chars = 0;
      newest = sequence;
      complete = sequence;
    },
  };
}
