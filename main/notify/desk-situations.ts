/** Engine, trading and venues as situations: what to tell when one begins and when it is over. Pure. */
import type { Snapshot, TradingState } from '../../engine/protocol/model.ts';
import { openTrades } from '../../engine/protocol/reading.ts';
import { hadAtStake } from '../modes/exposure.ts';
import type { AppState, Language, ProcessState } from '../ipc/schema.ts';
import { reasonWords } from '../text/error-words.ts';
import { formatDuration } from '../text/numbers.ts';
import { wordsIn } from '../text/words.ts';
import type { AlertDraft } from './alert-draft.ts';
import { inAllLanguages } from './spike-words.ts';

/** What main knows of the desk; `snapshot` may be an older one while the engine is away. */
export interface DeskPicture {
  states: Pick<AppState, 'engine' | 'venues' | 'link'>;
  snapshot: Snapshot | undefined;
  /** Where the engine runs, if not on this machine. */
  site?: string | undefined;
}

/** How it is told at the moment; `sinceAt` Unix ms. */
type ProcessTold = { state: 'unborn' } | { state: 'up' } | { state: 'lost' | 'blocked' | 'silent'; sinceAt: number };

export interface DeskTold {
  engine: ProcessTold;
  venues: ProcessTold;
  silence: Silence;
  /** The engine that was lost: another must speak before it is called back. */
  lostBootId: string | undefined;
  halted: boolean;
  /** A live desk that may open positions. */
  armed: boolean;
  /** An agent on a server without its keys: since when, and whether that was told. */
  locked: { sinceAt: number; isTold: boolean } | undefined;
}

/** How long a running engine has not been heard of, as far as somebody listened: not over this machine's sleep. */
interface Silence {
  lastSeenAt: number | undefined;
  observedAt: number;
  forMs: number;
}

/** It is asked every 5 s (main/engines/link.ts). */
export const SILENT_AFTER_MS = 20_000;
/** By itself it gets its keys within seconds. */
export const LOCKED_AFTER_MS = 15_000;
/** Longer without a look means that nobody could look. */
const MOST_BETWEEN_LOOKS_MS = 10_000;

export const NOTHING_TOLD: DeskTold = {
  engine: { state: 'unborn' },
  venues: { state: 'unborn' },
  silence: { lastSeenAt: undefined, observedAt: 0, forMs: 0 },
  lostBootId: undefined,
  halted: false,
  armed: false,
  locked: undefined,
};

/** @param now Unix ms */
export function tellDesk(told: DeskTold, picture: DeskPicture, now: number): { told: DeskTold; alerts: AlertDraft[] } {
  const alerts: AlertDraft[] = [];
  const tell = (alert: AlertDraft | undefined) => void (alert && alerts.push(alert));
  const { engine, venues, link } = picture.states;
  const { snapshot } = picture;
  const open = snapshot && openTrades(snapshot)[0]?.id;
  const next = { ...told };

  next.venues = processTold(told.venues, venues, true, now);
  tell(venuesAlert(told.venues, next.venues, venues, now));

  const hasSpoken =
    link.state === 'ready' && snapshot?.desk.bootId !== told.lostBootId && snapshot?.trading !== 'starting';
  next.silence = silenceOf(told.silence, picture, now);
  next.engine =
    next.silence.forMs >= SILENT_AFTER_MS
      ? silentTold(told.engine, now)
      : processTold(told.engine, engine, hasSpoken, now);
  if (next.engine.state === 'lost' && told.engine.state !== 'lost') next.lostBootId = snapshot?.desk.bootId;
  tell(
    picture.site !== undefined && (next.engine.state === 'silent' || told.engine.state === 'silent')
      ? unreachedAlert(told.engine, next.engine, picture.site, now)
      : engineAlert(told.engine, next.engine, engine, { open, snapshot }, now),
  );
  const locking = lockedTold(told.locked, picture, hasSpoken, now);
  next.locked = locking.told;
  tell(locking.alert);

  if (snapshot && hasSpoken && engine.state === 'running') {
    next.halted = snapshot.trading === 'halted';
    if (next.halted && !told.halted) tell(haltedAlert(snapshot, open));
    if (!next.halted && told.halted) tell(haltOverAlert(snapshot.trading));
    next.armed = snapshot.arming?.state === 'armed';
    // With another engine it is told by that engine's return.
    const isSameEngine = next.engine.state === told.engine.state;
    if (told.armed && !next.armed && isSameEngine) tell(disarmedAlert(snapshot, open));
  }
  return { told: next, alerts };
}

function silenceOf(before: Silence, { states: { engine, link } }: DeskPicture, now: number): Silence {
  const isListened =
    engine.state === 'running' && before.lastSeenAt === link.lastSeenAt && link.lastSeenAt !== undefined;
  const sinceMs = Math.min(Math.max(0, now - before.observedAt), MOST_BETWEEN_LOOKS_MS);
  return { lastSeenAt: link.lastSeenAt, observedAt: now, forMs: isListened ? before.forMs + sinceMs : 0 };
}

function silentTold(told: ProcessTold, now: number): ProcessTold {
  return told.state === 'up' ? { state: 'silent', sinceAt: now - SILENT_AFTER_MS } : told;
}

/** A stop somebody asked for changes nothing: it is no news. */
function processTold(told: ProcessTold, process: ProcessState, hasSpoken: boolean, now: number): ProcessTold {
  switch (process.state) {
    case 'running':
      return hasSpoken ? { state: 'up' } : told;
    case 'restarting':
      return told.state === 'up' || told.state === 'silent' ? { state: 'lost', sinceAt: now } : told;
    case 'blocked':
      if (told.state === 'blocked') return told;
      return { state: 'blocked', sinceAt: 'sinceAt' in told ? told.sinceAt : now };
    case 'stopped':
    case 'starting':
    case 'stopping':
      return told;
  }
}

/** A link that is lost says nothing about the engine at its other end. */
function unreachedAlert(before: ProcessTold, after: ProcessTold, site: string, now: number): AlertDraft | undefined {
  if (before.state === after.state) return undefined;
  if (after.state === 'silent') return siteAlert('warn', 'alert.site.silent', site, now - after.sinceAt);
  if (after.state !== 'up' || !('sinceAt' in before)) return undefined;
  return siteAlert('info', 'alert.site.answers', site, now - before.sinceAt);
}

function siteAlert(
  severity: AlertDraft['severity'],
  about: 'alert.site.silent' | 'alert.site.answers',
  site: string,
  forMs: number,
): AlertDraft {
  return {
    group: 'engine',
    category: 'engine',
    severity,
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      const duration = formatDuration(language, forMs);
      return { title: text(`${about}.title`, { site }), body: text(`${about}.body`, { duration }) };
    }),
  };
}

function lockedTold(
  told: DeskTold['locked'],
  { site, snapshot }: DeskPicture,
  hasSpoken: boolean,
  now: number,
): { told: DeskTold['locked']; alert?: AlertDraft } {
  if (site === undefined || !snapshot || !hasSpoken) return { told };
  const subject = { group: 'engine', category: 'locked' } as const;
  if (snapshot.trading !== 'locked') {
    if (!told?.isTold) return { told: undefined };
    const words = inAllLanguages((language) => {
      const { text } = wordsIn(language);
      const duration = formatDuration(language, now - told.sinceAt);
      const state = text(`alert.state.${snapshot.trading}`);
      return { title: text('alert.unlocked.title', { site }), body: text('alert.unlocked.body', { duration, state }) };
    });
    return { told: undefined, alert: { ...subject, severity: 'info', words } };
  }
  const sinceAt = told?.sinceAt ?? now;
  if (told?.isTold || now - sinceAt < LOCKED_AFTER_MS) return { told: { sinceAt, isTold: told?.isTold ?? false } };
  const open = openTrades(snapshot);
  const words = inAllLanguages((language) => {
    const { text } = wordsIn(language);
    const body = open.length === 0 ? text('alert.locked.body') : text('alert.locked.open', { count: open.length });
    return { title: text('alert.locked.title', { site }), body };
  });
  const severity = open.length === 0 ? 'warn' : 'critical';
  return { told: { sinceAt, isTold: true }, alert: { ...subject, severity, tradeId: open[0]?.id, words } };
}

function engineAlert(
  before: ProcessTold,
  after: ProcessTold,
  process: ProcessState,
  { open, snapshot }: { open: number | undefined; snapshot: Snapshot | undefined },
  now: number,
): AlertDraft | undefined {
  if (before.state === after.state) return undefined;
  const wasAtStake = hadAtStake(snapshot);
  const subject = { group: 'engine', category: 'engine' } as const;
  const code = process.error?.code ?? 'HS_UNKNOWN';
  switch (after.state) {
    case 'unborn':
      return undefined;
    case 'lost':
      return {
        ...subject,
        severity: open === undefined && !wasAtStake ? 'warn' : 'critical',
        tradeId: open,
        words: inAllLanguages((language) => {
          const { text } = wordsIn(language);
          if (wasAtStake) return { title: text('arm.alert.lost.title'), body: text('arm.alert.lost.body') };
          const title = text('alert.engine.lost.title');
          if (open === undefined) return { title, body: text('alert.engine.lost.body') };
          return { title, body: text('alert.engine.lost.open', { trade: open }) };
        }),
      };
    case 'silent':
      return {
        ...subject,
        severity: 'critical',
        tradeId: open,
        words: inAllLanguages((language) => {
          const { text } = wordsIn(language);
          const title = text('alert.engine.silent.title');
          const duration = formatDuration(language, now - after.sinceAt);
          if (open === undefined) return { title, body: text('alert.engine.silent.body', { duration }) };
          return { title, body: text('alert.engine.silent.open', { duration, trade: open }) };
        }),
      };
    case 'blocked':
      return {
        ...subject,
        severity: 'critical',
        tradeId: open,
        words: inAllLanguages((language) => {
          const { text } = wordsIn(language);
          const title = text('alert.engine.blocked.title');
          if (wasAtStake) return { title, body: text('arm.alert.blocked.body', { code }) };
          if (open === undefined) return { title, body: text('alert.engine.blocked.body', { code }) };
          return { title, body: text('alert.engine.blocked.open', { code, trade: open }) };
        }),
      };
    case 'up':
      if (!('sinceAt' in before)) return undefined;
      return {
        ...subject,
        severity: 'info',
        tradeId: open,
        words: inAllLanguages((language) => {
          const { text } = wordsIn(language);
          const duration = formatDuration(language, now - before.sinceAt);
          const title = text(before.state === 'silent' ? 'alert.engine.answers.title' : 'alert.engine.back.title');
          const isDisarmed = snapshot?.arming?.state === 'disarmed';
          const state = text(isDisarmed ? 'arm.alert.isDisarmed' : `alert.state.${snapshot?.trading ?? 'starting'}`);
          return { title, body: text('alert.engine.back.body', { duration, state }) };
        }),
      };
  }
}

function venuesAlert(
  before: ProcessTold,
  after: ProcessTold,
  process: ProcessState,
  now: number,
): AlertDraft | undefined {
  if (before.state === after.state) return undefined;
  const subject = { group: 'venues', category: 'venues' } as const;
  switch (after.state) {
    case 'unborn':
    case 'silent':
      return undefined;
    case 'lost':
      return {
        ...subject,
        severity: 'warn',
        words: inAllLanguages((language) => {
          const { text } = wordsIn(language);
          return { title: text('alert.venues.lost.title'), body: text('alert.venues.lost.body') };
        }),
      };
    case 'blocked':
      return {
        ...subject,
        severity: 'warn',
        words: inAllLanguages((language) => {
          const { text } = wordsIn(language);
          const code = process.error?.code ?? 'HS_UNKNOWN';
          return { title: text('alert.venues.blocked.title'), body: text('alert.venues.blocked.body', { code }) };
        }),
      };
    case 'up':
      if (!('sinceAt' in before)) return undefined;
      return {
        ...subject,
        severity: 'info',
        words: inAllLanguages((language) => {
          const { text } = wordsIn(language);
          const duration = formatDuration(language, now - before.sinceAt);
          return { title: text('alert.venues.back.title'), body: text('alert.venues.back.body', { duration }) };
        }),
      };
  }
}

function haltedAlert(snapshot: Snapshot, open: number | undefined): AlertDraft {
  return {
    group: 'trading',
    category: 'trading',
    severity: 'critical',
    tradeId: open ?? snapshot.trades[0]?.id,
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      const reason = reasonText(snapshot, language).replace(/\.$/, '');
      return { title: text('alert.halted.title'), body: text('alert.halted.body', { reason }) };
    }),
  };
}

function haltOverAlert(trading: TradingState): AlertDraft {
  return {
    group: 'trading',
    category: 'trading',
    severity: 'info',
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      const state = text(`alert.state.${trading}`);
      return { title: text('alert.halted.over.title'), body: text('alert.halted.over.body', { state }) };
    }),
  };
}

/** Reasons somebody gave: they know, so it is no alarm. */
const ASKED_FOR = new Set([
  'HS_DISARMED_OPERATOR',
  'HS_DISARMED_SCREEN_LOCKED',
  'HS_DISARMED_SLEEP',
  'HS_DISARMED_QUIT',
]);

function disarmedAlert({ arming }: Snapshot, open: number | undefined): AlertDraft {
  const { code, message } = arming?.reason ?? { code: '', message: '' };
  return {
    group: 'trading',
    category: 'arming',
    severity: ASKED_FOR.has(code) ? 'info' : 'critical',
    tradeId: open,
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      const reason = reasonWords({ code, message }, language).title;
      return {
        title: text('arm.alert.disarmed.title'),
        body: text(open === undefined ? 'arm.alert.disarmed.body' : 'arm.alert.disarmed.open', { reason }),
      };
    }),
  };
}

function reasonText({ tradingReason }: Snapshot, language: Language): string {
  return tradingReason ? reasonWords(tradingReason, language).title : '';
}
