import { NetworkError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import type { DeskVenue } from './desk-order.ts';
import type { EntryGate } from './entry-gate.ts';
import type { VenueProbe } from './venue-findings.ts';

/** Release windows last some 15 minutes and pass through steps of about two. */
const LOOK_EVERY_MS = 30_000;

export interface DooredDesk {
  env: Env;
  venues: readonly [DeskVenue, DeskVenue];
  gate: EntryGate;
  notice(level: 'info' | 'warn', code: string, message: string): void;
}

/** Asks real venues whether they take orders, and closes the desk's entries while one does not. Practice venues are always open. */
export class VenueDoors {
  private readonly desk: DooredDesk;
  private readonly probe: VenueProbe;

  constructor(desk: DooredDesk, probe: VenueProbe) {
    this.desk = desk;
    this.probe = probe;
  }

  /** Looks now and from then on; returns what ends it. */
  start(): () => void {
    const look = (): void => {
      for (const venue of this.desk.venues) void this.look(venue);
    };
    look();
    return this.desk.env.timers.every(LOOK_EVERY_MS, look);
  }

  private async look({ client, leg }: DeskVenue): Promise<void> {
    const { gate } = this.desk;
    const facts = leg === 'A' ? gate.facts.a : gate.facts.b;
    try {
      const { open, usable, detail } = await this.probe(client.id);
      const closed = !open || !usable;
      if (closed === facts.closedForEntries) return;
      facts.closedForEntries = closed;
      if (closed) this.desk.notice('warn', 'HS_VENUE_CLOSED', `${client.id} takes no orders now: ${detail}`);
      else this.desk.notice('info', 'HS_VENUE_OPEN', `${client.id} takes orders again.`);
    } catch (error) {
      // No answer says nothing; a line that is down closes entries by itself.
      if (error instanceof NetworkError) return;
      this.desk.notice(
        'warn',
        'HS_VENUE_PROBE',
        `${client.id} could not be asked whether it is open: ${String(error)}`,
      );
    }
  }
}
