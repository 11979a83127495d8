import type { VenueId } from '../core/types.ts';

/** What a live desk needs beside its venues: the end of its keys, and that it is alone. */
export interface LiveDuties {
  /** End of the key's life, Unix ms; undefined where it does not end or is not known. */
  keyExpiresAt(venue: VenueId): number | undefined;
  /** Whether this process still holds the data folder. */
  holdsFolder(): Promise<boolean>;
}

/** A key nearer to its end arms nothing and disarms what is armed: what was opened with it must be closed with it. */
export const KEY_MARGIN_MS = 10 * 60_000;
