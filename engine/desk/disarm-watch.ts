import type { Env } from '../env.ts';
import type { Journal } from '../journal/journal.ts';
import { errorMessage } from '../core/errors.ts';
import type { ArmingLimits } from '../protocol/arming.ts';
import type { DeskVenue } from './desk-order.ts';
import { KEY_MARGIN_MS, type LiveDuties } from './live-duties.ts';
import type { RiskBook } from './risk-book.ts';
import type { VenueWatch } from './telemetry.ts';

/** A venue that cannot be traded on for longer disarms; shorter losses only stop entries while they last. */
export const VENUE_LOST_MS = 15_000;
/** The journal is written to disk this often while armed, so that a full disk is noticed without an order. */
const JOURNAL_EVERY_MS = 5_000;

export interface WatchedDesk {
  env: Env;
  venues: readonly [DeskVenue, DeskVenue];
  watches: ReadonlyMap<string, VenueWatch>;
  risk: RiskBook;
  journal: Journal;
  duties: LiveDuties;
}

export interface ReasonToDisarm {
  code: `HS_DISARMED_${string}`;
  message: string;
}

/** What ends an arming without anyone asking for it; looked at once a second. */
export class DisarmWatch {
  private readonly desk: WatchedDesk;
  private readonly lostSinceMs = new Map<string, number>();
  private journalAtMs = Number.NEGATIVE_INFINITY;
  private journalFailure: string | undefined;

  constructor(desk: WatchedDesk) {
    this.desk = desk;
  }

  /** The first reason there is; undefined while all is well. */
  reason(limits: ArmingLimits): ReasonToDisarm | undefined {
    const { risk } = this.desk;
    if (risk.nakedMs() > limits.maxUnhedgedMs) {
      const message = `A leg was without its other side for more than ${limits.maxUnhedgedMs} ms.`;
      return { code: 'HS_DISARMED_UNHEDGED', message };
    }
    if (risk.dayLossE8() >= limits.maxDayLossE8) {
      return { code: 'HS_DISARMED_DAY_LOSS', message: "The day's loss reached its limit." };
    }
    this.lookAtJournal();
    if (this.journalFailure !== undefined) {
      return { code: 'HS_DISARMED_JOURNAL', message: `The journal cannot be written: ${this.journalFailure}` };
    }
    return this.expiringKey() ?? this.lostVenue();
  }

  private expiringKey(): ReasonToDisarm | undefined {
    const { env, venues, duties } = this.desk;
    for (const { client } of venues) {
      const expiresAt = duties.keyExpiresAt(client.id);
      if (expiresAt === undefined || expiresAt - env.clock.wallMs() >= KEY_MARGIN_MS) continue;
      const message = `The key of ${client.id} ends within ${KEY_MARGIN_MS / 60_000} minutes: close what is open before it does.`;
      return { code: 'HS_DISARMED_KEY_EXPIRY', message };
    }
    return undefined;
  }

  private lostVenue(): ReasonToDisarm | undefined {
    const { env, venues, watches } = this.desk;
    const nowMs = env.clock.monotonicMs();
    for (const { client } of venues) {
      if (client.canTrade() && watches.get(client.id)!.status === 'ok') {
        this.lostSinceMs.delete(client.id);
        continue;
      }
      const sinceMs = this.lostSinceMs.get(client.id) ?? nowMs;
      this.lostSinceMs.set(client.id, sinceMs);
      if (nowMs - sinceMs < VENUE_LOST_MS) continue;
      const message = `${client.id} could not be traded on for ${VENUE_LOST_MS / 1000} s.`;
      return { code: 'HS_DISARMED_VENUE_LOST', message };
    }
    return undefined;
  }

  private lookAtJournal(): void {
    const { env, journal } = this.desk;
    const nowMs = env.clock.monotonicMs();
    if (nowMs - this.journalAtMs < JOURNAL_EVERY_MS) return;
    this.journalAtMs = nowMs;
    journal.durable().then(
      () => (this.journalFailure = undefined),
      (error: unknown) => (this.journalFailure = errorMessage(error)),
    );
  }
}
