import type { Site } from '../ipc/site-schema.ts';

/** How an engine on a server reaches the practice venues of this machine. */
export interface VenueAccess {
  /** The venues' description as the engine at this site must have it: reachable from there, over the line of a server. */
  describeFor(site: Site, venues: unknown): Promise<unknown>;
  /** Ends every way that was opened. */
  release(): Promise<void>;
}
