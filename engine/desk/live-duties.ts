import type { VenueId } from '../core/types.ts';

/** What a read-only look at a venue found. */
export interface VenueFindings {
  /** "v1", "v2": the API generation that answers. */
  generation: string;
  /** Whether the desk's order path was written for it. */
  usable: boolean;
  /** Whether the venue takes orders now (no maintenance, post-only or cancel-only). */
  open: boolean;
  /** English, one sentence. */
  detail: string;
}

/** What a live desk needs beside its venues: the end of its keys, and looks at the venues that send no order. */
export interface LiveDuties {
  /** End of the key's life, Unix ms; undefined where it does not end or is not known. */
  keyExpiresAt(venue: VenueId): number | undefined;
  /** Rejects with NetworkError when the venue cannot be asked. */
  probe(venue: VenueId): Promise<VenueFindings>;
  /** Whether this process still holds the data folder. */
  holdsFolder(): Promise<boolean>;
}

/** A key nearer to its end arms nothing and disarms what is armed: what was opened with it must be closed with it. */
export const KEY_MARGIN_MS = 10 * 60_000;
