import type { BotConfig } from '../config/schema.ts';
import { errorMessage } from '../core/errors.ts';
import { trimE8 } from '../core/units.ts';
import type { Env } from '../env.ts';
import type { Journal } from '../journal/journal.ts';
import type { ArmingCheck, ArmingCheckId } from '../protocol/arming.ts';
import type { TradingState } from '../protocol/model.ts';
import type { PositionReport } from '../venues/venue.ts';
import type { DeskOrder, DeskVenue } from './desk-order.ts';
import { BOOK_MAX_AGE_MS } from './entry-gate.ts';
import { KEY_MARGIN_MS, type LiveDuties } from './live-duties.ts';
import { RECEIVE_WINDOW_MS } from './plan.ts';
import type { RunningTrades } from './running-trades.ts';
import type { VenueWatch } from './telemetry.ts';
import type { TradingSwitch } from './trading-switch.ts';
import type { VenueFindings, VenueProbe } from './venue-findings.ts';
import { within } from './within.ts';

const ANSWER_TIMEOUT_MS = 8_000;

export interface CheckedDesk {
  env: Env;
  bot: BotConfig;
  venues: readonly [DeskVenue, DeskVenue];
  watches: ReadonlyMap<string, VenueWatch>;
  journal: Journal;
  duties: LiveDuties;
  probe: VenueProbe;
  trades: RunningTrades;
  switch: TradingSwitch;
}

/** What was asked of one venue; an Error where it gave no answer. */
interface Answers {
  venue: DeskVenue;
  positions: PositionReport[] | Error;
  findings: VenueFindings | Error;
}

/** Looks at everything that must hold before real orders may open a position. Asks both venues; changes nothing. */
export async function armingChecks(desk: CheckedDesk): Promise<ArmingCheck[]> {
  const { env, duties, journal, probe } = desk;
  const ask = async <T>(work: Promise<T>): Promise<T | Error> => {
    try {
      return await within(env, work, ANSWER_TIMEOUT_MS);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  const answersOf = async (venue: DeskVenue): Promise<Answers> => {
    const [positions, findings] = await Promise.all([ask(venue.client.positions()), ask(probe(venue.client.id))]);
    return { venue, positions, findings };
  };
  const [a, b, written, held] = await Promise.all([
    answersOf(desk.venues[0]),
    answersOf(desk.venues[1]),
    ask(journal.durable()),
    ask(duties.holdsFolder()),
  ]);
  return [
    ...[a, b].flatMap((answers) => venueChecks(desk, answers)),
    positionsCheck(desk, a, b),
    check('journal', !(written instanceof Error), {
      yes: 'Everything so far is on disk.',
      no: `The journal cannot be written: ${written instanceof Error ? written.message : ''} Free space, then try again.`,
    }),
    check('folderLock', held === true, {
      yes: 'No other engine works on this data folder.',
      no: 'This engine no longer holds its data folder: another one may trade. Stop both, then start one.',
    }),
    deskCheck(desk.switch.state),
  ];
}

function venueChecks(desk: CheckedDesk, answers: Answers): ArmingCheck[] {
  const { venue } = answers;
  const watch = desk.watches.get(venue.client.id)!;
  return [
    keyCheck(desk, answers),
    generationCheck(answers),
    openCheck(answers),
    bookCheck(desk.env, venue, watch),
    clockCheck(venue, watch),
    doubtCheck(venue, desk.trades.openOrders()),
  ];
}

function keyCheck({ env, duties }: CheckedDesk, { venue, positions }: Answers): ArmingCheck {
  const expiresAt = duties.keyExpiresAt(venue.client.id);
  const figures: ArmingCheck['figures'] = expiresAt === undefined ? {} : { expiresAt };
  const leftMs = (expiresAt ?? Number.POSITIVE_INFINITY) - env.clock.wallMs();
  const ends = expiresAt === undefined ? 'it has no end' : `it ends in ${(leftMs / 3_600_000).toFixed(1)} h`;
  const refused = positions instanceof Error;
  return check('key', !refused && leftMs >= KEY_MARGIN_MS, {
    venue,
    figures,
    yes: `The venue accepted the key just now; ${ends}.`,
    no: refused
      ? `The account could not be read with this key: ${positions.message}`
      : `The key ends within ${KEY_MARGIN_MS / 60_000} minutes: make a new one first.`,
  });
}

function generationCheck({ venue, findings }: Answers): ArmingCheck {
  const failed = findings instanceof Error;
  return check('generation', !failed && findings.usable, {
    venue,
    figures: failed ? {} : { generation: findings.generation },
    yes: failed ? '' : findings.detail,
    no: failed ? `The venue could not be asked: ${findings.message}` : findings.detail,
  });
}

function openCheck({ venue, findings }: Answers): ArmingCheck {
  const failed = findings instanceof Error;
  const connected = venue.client.canTrade();
  const why = failed ? `it could not be asked (${findings.message})` : findings.detail;
  return check('venueOpen', connected && !failed && findings.open, {
    venue,
    yes: 'It takes orders, and the order path is connected.',
    no: connected
      ? `It takes no orders now: ${why}`
      : 'The order path is not ready: connection, login or private stream is missing.',
  });
}

function bookCheck(env: Env, { client, book }: DeskVenue, watch: VenueWatch): ArmingCheck {
  const ageMs = env.clock.monotonicMs() - book.receivedAtMs;
  const fresh = ageMs <= BOOK_MAX_AGE_MS;
  const ok = book.valid && fresh && !book.isCrossed() && watch.status === 'ok';
  const why = watch.status === 'ok' ? `the last frame is ${ageMs.toFixed(0)} ms old` : watch.statusDetail;
  return check('book', ok, {
    venue: { client },
    figures: Number.isNaN(ageMs) ? {} : { ageMs: Math.round(ageMs) },
    yes: `Fresh: the last frame came ${ageMs.toFixed(0)} ms ago.`,
    no: `The book cannot be traded on (${book.valid ? watch.status : 'invalid'}): ${why || 'no frame yet'}.`,
  });
}

function clockCheck({ client }: DeskVenue, watch: VenueWatch): ArmingCheck {
  const limitMs = RECEIVE_WINDOW_MS / 4;
  const skew = watch.clockSkew();
  const ok = skew !== undefined && skew.certainMs <= limitMs;
  return check('clock', ok, {
    venue: { client },
    figures: skew ? { offsetMs: round(skew.offsetMs), errorMs: round(skew.errorMs) } : {},
    yes: skew ? `${skew.offsetMs.toFixed(1)} ± ${skew.errorMs.toFixed(1)} ms from ours.` : '',
    no: skew
      ? `${skew.offsetMs.toFixed(0)} ms from ours, more than ${limitMs} ms: set this machine's clock.`
      : "The venue's clock is not known yet.",
  });
}

function doubtCheck(venue: DeskVenue, orders: readonly DeskOrder[]): ArmingCheck {
  const inDoubt = orders.filter((order) => order.venue === venue && order.record.state === 'DOUBT').length;
  return check('orderInDoubt', inDoubt === 0, {
    venue,
    figures: { orders: inDoubt },
    yes: 'The outcome of every order is known.',
    no: `The outcome of ${inDoubt} order(s) is not known yet; the venue is being asked.`,
  });
}

function positionsCheck({ watches }: CheckedDesk, a: Answers, b: Answers): ArmingCheck {
  const unread = [a, b].find(({ positions }) => positions instanceof Error);
  if (unread) {
    const why = errorMessage(unread.positions);
    return check('positions', false, { yes: '', no: `Those at ${unread.venue.client.id} could not be read: ${why}` });
  }
  const held = [a, b].map(({ venue, positions }) => {
    const found = positions instanceof Error ? undefined : positions.find((one) => one.symbol === venue.symbol);
    return { id: venue.client.id, heldE8: found?.sizeE8 ?? 0, journalE8: watches.get(venue.client.id)!.positionE8 };
  });
  const figures = Object.fromEntries(held.map(({ id, heldE8 }) => [id, trimE8(heldE8)]));
  const unexplained = held.find(({ heldE8, journalE8 }) => heldE8 !== journalE8);
  const netE8 = held.reduce((sum, { heldE8 }) => sum + heldE8, 0);
  return check('positions', !unexplained && netE8 === 0, {
    figures,
    yes: 'Equal on both sides, and explained by the journal.',
    no: unexplained
      ? `${unexplained.id} holds ${trimE8(unexplained.heldE8)}, the journal explains ${trimE8(unexplained.journalE8)}: close the difference at the venue.`
      : `The two sides do not cancel out: ${trimE8(netE8)} are unhedged.`,
  });
}

function deskCheck(trading: TradingState): ArmingCheck {
  const ok = trading === 'paused' || trading === 'trading';
  return check('desk', ok, {
    yes: 'The desk runs, and has taken up what an earlier run left.',
    no: `The desk is ${trading}: see why in the overview.`,
  });
}

function check(
  id: ArmingCheckId,
  ok: boolean,
  told: {
    venue?: Pick<DeskVenue, 'client'>;
    figures?: ArmingCheck['figures'];
    yes: string;
    no: string;
  },
): ArmingCheck {
  const { venue, figures = {}, yes, no } = told;
  return {
    id,
    ...(venue ? { venue: venue.client.id } : {}),
    ok,
    detail: ok ? yes : no,
    figures,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
