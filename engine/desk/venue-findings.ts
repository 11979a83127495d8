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

/** Public and read-only. Rejects with NetworkError when the venue cannot be asked: that says nothing. */
export type VenueProbe = (venue: VenueId) => Promise<VenueFindings>;
