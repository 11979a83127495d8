import { applyEvent } from '../protocol/apply.ts';
import type { DeskEvent, Snapshot } from '../protocol/model.ts';

type Listener = (sequence: number, event: DeskEvent) => void;

/** What clients see: one snapshot, changed by numbered events and nothing else. */
export class DeskStore {
  private current: Snapshot;
  private readonly listeners = new Set<Listener>();

  constructor(initial: Snapshot) {
    this.current = initial;
  }

  snapshot(): Snapshot {
    return this.current;
  }

  publish(event: DeskEvent): void {
    this.current = applyEvent(this.current, this.current.sequence + 1, event);
    for (const listener of this.listeners) listener(this.current.sequence, event);
  }

  onEvent(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
