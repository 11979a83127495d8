/** State of the app -> what the tray shows. Pure; each shell draws it with its own means (main/shell/ports.ts, TrayHost). */
import type { Mode, Snapshot, Spike } from '../../engine/protocol/model.ts';
import { holdsPositions, openTrades, venueName } from '../../engine/protocol/reading.ts';
import type { MutedUntil } from '../ipc/alert-schema.ts';
import type { AppState } from '../ipc/schema.ts';
import type { SitesState } from '../ipc/site-schema.ts';
import type { TextKey } from '../text/catalogue.ts';
import { formatCount, formatMs, formatNumber, formatTime, fromE8, withUnit } from '../text/numbers.ts';
import { reasonWords } from '../text/error-words.ts';
import { wordsIn, type Words } from '../text/words.ts';
import { trayCondition, trayIcon, type TradingCondition, type TrayCondition } from './condition.ts';
import { netToday, orderToConfirm } from './figures.ts';
import type { TrayIcon } from './icon.ts';
import { siteTrayEntries } from './site-entries.ts';

/** `mute` is for one hour; `arm` and `deploy` open the window's dialog and do nothing by themselves. */
export const TRAY_ACTIONS = [
  'open',
  'pause',
  'start',
  'arm',
  'disarm',
  'closeAll',
  'quit',
  'mute',
  'unmute',
  'deploy',
  'redeploy',
  'unlock',
  'siteShow',
  'siteStart',
  'siteStop',
] as const;
export type TrayAction = (typeof TRAY_ACTIONS)[number];

export type TrayEntry =
  | { type: 'text'; label: string }
  | { type: 'separator' }
  /** `site`: which one it is about. */
  | { type: 'action'; action: TrayAction; label: string; isEnabled: boolean; site?: string }
  /** A menu of its own; `id` tells it from others. */
  | { type: 'menu'; id: string; label: string; entries: TrayEntry[] };

export interface TrayView {
  icon: TrayIcon;
  /** "Halfspread: trading" */
  title: string;
  /** Lines below the title, the most important first. */
  tooltip: string[];
  menu: TrayEntry[];
}

export interface TrayInput {
  app: AppState;
  snapshot: Snapshot | undefined;
  /** Of the desk that runs or is to run. */
  mode?: Mode;
  /** A live engine ended with something at stake, and none has looked at the venues since. */
  isExposureUnknown?: boolean;
  /** Of the alerts; a moment that is over counts as not muted. */
  mutedUntil?: MutedUntil;
  sites?: SitesState;
  /** Unix ms. */
  nowMs: number;
}

export function trayView(input: TrayInput): TrayView {
  const { app, snapshot, mutedUntil, nowMs, isExposureUnknown = false } = input;
  const words = wordsIn(app.language);
  const condition = trayCondition(app, snapshot);
  // Figures of an engine that is gone are not shown as if they were of now.
  const current = condition.link && snapshot;
  const mode = snapshot?.desk.mode ?? input.mode ?? 'practice';
  const state = words.text(STATE_TEXTS[condition.trading]);
  const troubles = current ? troublesOf(current, words) : [];
  const headline = words.text('tray.headline', {
    mode: words.text(MODE_TEXTS[mode]),
    place: app.place.site ?? words.text('tray.thisMachine'),
    state,
  });
  const lines = [
    ...(isExposureUnknown ? [words.text('arm.unknown.tray')] : []),
    ...linkLine(condition, words),
    ...(current ? [...armedLine(current, app, words), ...haltReason(current, words)] : []),
    ...troubles,
  ];
  const figures = current ? [figuresLine(current, app, nowMs, words)] : [];
  return {
    icon: trayIcon(condition.trading, troubles.length > 0 || isExposureUnknown),
    title: words.text('tray.title', { state }),
    tooltip: [headline, ...lines, ...figures],
    menu: [
      ...[headline, ...lines, ...figures].map((label) => ({ type: 'text' as const, label })),
      { type: 'separator' },
      { type: 'action', action: 'open', label: words.text('tray.open'), isEnabled: true },
      ...startOrStop(condition, current, words),
      closeAll(condition, snapshot, words),
      ...unlock(condition, app, words),
      { type: 'separator' },
      ...siteTrayEntries(input.sites, words),
      { type: 'separator' },
      muteOrUnmute(mutedUntil, nowMs, words),
      { type: 'separator' },
      {
        type: 'action',
        action: 'quit',
        label: quitLabel(condition.trading, mode, app.place.site, words),
        isEnabled: true,
      },
    ],
  };
}

/** A state without words does not compile. */
const STATE_TEXTS = {
  moving: 'tray.state.moving',
  noEngine: 'tray.state.noEngine',
  engineStarting: 'tray.state.engineStarting',
  engineStopping: 'tray.state.engineStopping',
  recovering: 'tray.state.recovering',
  blocked: 'tray.state.blocked',
  starting: 'trading.starting',
  observing: 'trading.observing',
  trading: 'tray.state.trading',
  paused: 'trading.paused',
  disarmed: 'arm.state.disarmed',
  halted: 'trading.halted',
  stopped: 'trading.stopped',
  locked: 'trading.locked',
} as const satisfies Record<TradingCondition, TextKey>;

const MODE_TEXTS = {
  practice: 'tray.mode.practice',
  paper: 'tray.mode.paper',
  live: 'tray.mode.live',
} as const satisfies Record<Mode, TextKey>;

/** A link that is there needs no words; one that is lost does not mean that the engine stopped. */
function linkLine({ link, trading }: TrayCondition, words: Words): string[] {
  if (link?.state !== 'lost') return [];
  const goesOn = words.text(trading === 'trading' ? 'tray.link.keepsTrading' : 'tray.link.goesOn');
  if (link.lastSeenAt === undefined) return [words.text('tray.link.lostNever', { goesOn })];
  return [words.text('tray.link.lost', { time: formatTime(link.lastSeenAt), goesOn })];
}

/** Why it halted, in the catalogue's words where it knows the code. */
function haltReason({ trading, tradingReason }: Snapshot, words: Words): string[] {
  if (trading !== 'halted' || !tradingReason) return [];
  return [reasonWords(tradingReason, words.language).title];
}

/** What somebody should look at soon, a sentence each; empty when all is well. */
function troublesOf(snapshot: Snapshot, words: Words): string[] {
  const spikes = (snapshot.spikes ?? []).map((spike) => spikeText(spike, words));
  const doubts = snapshot.exposure.ordersInDoubt;
  // Before it has started, no venue can be expected to be there.
  const venues = snapshot.trading === 'starting' || snapshot.trading === 'stopped' ? [] : snapshot.venues;
  return [
    ...spikes,
    ...(doubts > 0 ? [words.plural('overview.risk.doubt', doubts)] : []),
    ...venues
      .filter(({ marketData }) => marketData !== 'ok')
      .map(({ id, marketData }) =>
        words.text('tray.venue', { venue: venueName(id), state: words.text(`venue.data.${marketData}`) }),
      ),
  ];
}

const SPIKE_TEXTS = {
  slippage: 'tray.spike.slippage',
  orderToConfirm: 'tray.spike.orderToConfirm',
  orderToAck: 'tray.spike.orderToAck',
} as const satisfies Record<Spike['metric'], TextKey>;

function spikeText({ metric, venue }: Spike, words: Words): string {
  const what = words.text(SPIKE_TEXTS[metric]);
  return venue === undefined ? what : words.text('tray.venue', { venue: venueName(venue), state: what });
}

function figuresLine(snapshot: Snapshot, { language }: AppState, nowMs: number, words: Words): string {
  const { netE8, isWhole } = netToday(snapshot, nowMs);
  const net = withUnit(formatNumber(language, fromE8(netE8), { decimals: 2, sign: true }), 'USD');
  const confirm = orderToConfirm(snapshot);
  const parts = [words.text(isWhole ? 'tray.net' : 'tray.netOfLatest', { net })];
  if (confirm?.p95 !== undefined) {
    parts.push(words.text('tray.p95', { p95: formatMs(language, confirm.p95), n: formatCount(language, confirm.n) }));
  }
  return parts.join(' · ');
}

/** What an armed desk may do with real money, as long as it is armed. */
function armedLine({ arming }: Snapshot, { language }: AppState, words: Words): string[] {
  if (arming?.state !== 'armed' || !arming.limits) return [];
  const notional = withUnit(formatNumber(language, fromE8(arming.limits.maxNotionalE8)), 'USD');
  return [words.text('arm.tray.armed', { notional })];
}

/** A live desk is armed before it is started, and disarming is always at hand. */
function startOrStop(condition: TrayCondition, current: Snapshot | undefined, words: Words): TrayEntry[] {
  const isEnabled = condition.link?.state === 'ready';
  if (!current?.arming) return [pauseOrStart(condition, words)];
  if (current.arming.state === 'disarmed') {
    return [{ type: 'action', action: 'arm', label: words.text('arm.tray.arm'), isEnabled }];
  }
  // Also while the link is lost: it is sent as soon as it is back.
  const disarm = { type: 'action', action: 'disarm', label: words.text('arm.tray.disarm'), isEnabled: true } as const;
  return [disarm, pauseOrStart(condition, words)];
}

function pauseOrStart({ trading, link }: TrayCondition, words: Words): TrayEntry {
  const isEnabled = link?.state === 'ready';
  return trading === 'trading'
    ? { type: 'action', action: 'pause', label: words.text('action.pause'), isEnabled }
    : { type: 'action', action: 'start', label: words.text('action.start'), isEnabled };
}

function closeAll({ trading, link }: TrayCondition, snapshot: Snapshot | undefined, words: Words): TrayEntry {
  const open = link && snapshot ? openTrades(snapshot).length : 0;
  return {
    type: 'action',
    action: 'closeAll',
    label: open > 0 ? words.plural('tray.closeAll', open) : words.text('action.closeAll'),
    isEnabled: link?.state === 'ready' && snapshot !== undefined && (trading === 'halted' || holdsPositions(snapshot)),
  };
}

function muteOrUnmute(mutedUntil: MutedUntil | undefined, nowMs: number, words: Words): TrayEntry {
  if (mutedUntil === undefined || (mutedUntil !== 'unmuted' && mutedUntil <= nowMs)) {
    return { type: 'action', action: 'mute', label: words.text('tray.mute'), isEnabled: true };
  }
  const label =
    mutedUntil === 'unmuted'
      ? words.text('tray.unmute')
      : words.text('tray.unmuteBefore', { time: formatTime(mutedUntil, 'minutes') });
  return { type: 'action', action: 'unmute', label, isEnabled: true };
}

/** An agent that is locked while the desk is at it: by itself it is unlocked at once, so a person is needed. */
function unlock({ trading, link }: TrayCondition, { place }: AppState, words: Words): TrayEntry[] {
  if (trading !== 'locked' || place.site === undefined) return [];
  const label = words.text('tray.unlock', { site: place.site });
  return [{ type: 'action', action: 'unlock', label, isEnabled: link?.state === 'ready' }];
}

/** The engine of this machine ends with the app, one on a server does not: said where there is something that ends. */
function quitLabel(trading: TradingCondition, mode: Mode, site: string | undefined, words: Words): string {
  if (site !== undefined) {
    if (mode === 'practice' && trading !== 'locked') return words.text('tray.quit.sitePractice');
    return words.text('tray.quit.site', { site });
  }
  switch (trading) {
    case 'moving':
    case 'noEngine':
    case 'engineStopping':
    case 'blocked':
      return words.text('tray.quit');
    case 'engineStarting':
    case 'recovering':
    case 'starting':
    case 'observing':
    case 'trading':
    case 'paused':
    case 'disarmed':
    case 'halted':
    case 'stopped':
    case 'locked':
      return words.text(mode === 'practice' ? 'tray.quit.practice' : 'tray.quit.engine');
  }
}
