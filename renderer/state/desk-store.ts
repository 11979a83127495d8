import { applyEvent } from '../../engine/protocol/apply.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';

/** How often at most the picture follows the engine: two cores are shared with it, and no eye needs more. */
export const PUBLISH_INTERVAL_MS = 100;

export interface DeskStoreOptions {
  publish: (snapshot: Snapshot) => void;
  /** A sequence number is missing: the snapshot has to be fetched again. */
  onGap: () => void;
  later: (callback: () => void, ms: number) => void;
}

/**
 * Keeps the newest snapshot by applying events in order, and publishes it at most every `PUBLISH_INTERVAL_MS`.
 * Events the snapshot already contains are dropped; after a gap nothing is applied until a new snapshot is set.
 */
export class DeskStore {
  #options: DeskStoreOptions;
  #current: Snapshot | undefined;
  #gap = false;
  #scheduled = false;

  constructor(options: DeskStoreOptions) {
    this.#options = options;
  }

  /** Takes a whole snapshot and publishes it at once. */
  set(snapshot: Snapshot): void {
    this.#current = snapshot;
    this.#gap = false;
    this.#options.publish(snapshot);
  }

  /** Forgets it: another desk takes its place. Events are dropped until a snapshot is set. */
  clear(): void {
    this.#current = undefined;
    this.#gap = false;
  }

  apply(sequence: number, event: DeskEvent): void {
    if (!this.#current || this.#gap || sequence <= this.#current.sequence) return;
    if (sequence > this.#current.sequence + 1) {
      this.#gap = true;
      this.#options.onGap();
      return;
    }
    this.#current = applyEvent(this.#current, sequence, event);
    this.#publishSoon();
  }

  #publishSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.later(() => {
      this.#scheduled = false;
      if (this.#current) this.#options.publish(this.#current);
    }, PUBLISH_INTERVAL_MS);
  }
}
