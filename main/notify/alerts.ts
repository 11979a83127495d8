import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { Spike } from '../../engine/protocol/model.ts';
import type { Alert, AlertsState, MutedUntil, QuietHours } from '../ipc/alert-schema.ts';
import type { Language } from '../ipc/schema.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { StoredJson } from '../settings/stored-json.ts';
import type { AlertDraft } from './alert-draft.ts';
import { NOTHING_TOLD, tellDesk, type DeskPicture } from './desk-situations.ts';
import { addAlert, EMPTY_INBOX, markRead, unreadCount, type Inbox } from './inbox.ts';
import type { Notifier, NotifierHandlers } from './notifier.ts';
import { isQuiet, type QuietSettings } from './quiet.ts';
import { adoptSpikes, tellSpike, type SpikesTold } from './spike-situations.ts';
import {
  admit,
  close,
  nextDueAt,
  NOTHING_SHOWN,
  release,
  type ThrottleEffect,
  type ThrottleState,
} from './throttle.ts';

export interface AlertsOptions {
  inboxFile: StoredJson<Inbox>;
  settings: { get(): QuietSettings; set(change: QuietSettings): Promise<void> };
  language(): Language;
  /** Undefined: this shell shows none. */
  createNotifier: ((handlers: NotifierHandlers) => Notifier) | undefined;
  clock: {
    /** Unix ms. */
    now(): number;
    /** Minutes since midnight in this machine's time zone. */
    minuteOfDay(): number;
    /** Calls once after `ms`; returns how to cancel it. */
    after(ms: number, callback: () => void): () => void;
  };
  /** Inbox, mute, or delivery changed: read `state()`. */
  onChange(): void;
  /** A notification was clicked; with a trade, or else a page, that it is about. */
  onOpen(tradeId: number | undefined, page: Alert['page']): void;
  log(record: LogRecord): void;
}

/** Alerts of this machine: decides what is told, keeps the inbox, hands to the desktop what may be shown. */
export interface Alerts {
  state(): AlertsState;
  /** Processes, link or snapshot changed. */
  observe(picture: DeskPicture): void;
  /** A whole new snapshot came: its spikes last, no others. */
  adopt(spikes: readonly Spike[]): void;
  spike(spike: Spike): void;
  /** A situation that another part of main watches. */
  tell(alert: AlertDraft): void;
  /** What was told under this category is over: its notification is taken from the screen, the inbox keeps it. */
  withdraw(category: string): void;
  /** Unix ms since when a running engine does not answer; undefined when it does. */
  engineSilentSinceAt(): number | undefined;
  read(ids?: readonly number[]): void;
  mute(until: MutedUntil | undefined): Promise<void>;
  setQuietHours(hours: QuietHours | undefined): Promise<void>;
  /** Resolves when the inbox is on disk. */
  stop(): Promise<void>;
}

export function createAlerts(options: AlertsOptions): Alerts {
  const { clock, settings, log } = options;
  let inbox = options.inboxFile.found ?? EMPTY_INBOX;
  let deskTold = NOTHING_TOLD;
  let spikesTold: SpikesTold = {};
  let throttle: ThrottleState = NOTHING_SHOWN;
  let desktop: AlertsState['desktop'] = options.createNotifier
    ? { state: 'untried' }
    : { state: 'unavailable', reason: 'HS_NOTIFY_NONE' };
  let cancelDigest = (): void => undefined;
  let written: Promise<void> = Promise.resolve();
  const notifier = options.createNotifier?.({ onOpen: opened });

  const quietNow = () => isQuiet(settings.get(), clock.now(), clock.minuteOfDay());

  function tell(alert: AlertDraft): void {
    setInbox(addAlert(inbox, alert, clock.now()));
    apply(admit(throttle, alert, clock.now(), quietNow()));
  }

  function apply(step: { state: ThrottleState; effects: ThrottleEffect[] }): void {
    throttle = step.state;
    for (const effect of step.effects) {
      if (effect.type === 'close') notifier?.close(effect.category);
      else void show(effect.alert);
    }
    cancelDigest();
    const dueAt = nextDueAt(throttle);
    if (dueAt === undefined) return;
    cancelDigest = clock.after(Math.max(0, dueAt - clock.now()), () =>
      apply(release(throttle, clock.now(), quietNow())),
    );
  }

  async function show({
    category,
    severity,
    words,
  }: Extract<ThrottleEffect, { type: 'show' }>['alert']): Promise<void> {
    if (!notifier) return;
    try {
      await notifier.show({ category, severity, ...words[options.language()] });
      setDesktop({ state: 'shown' });
    } catch (error) {
      const { code, message } = toWireError(error);
      // Said once, not at every alert: the inbox has them all.
      if (desktop.reason !== code) log({ level: 'warn', message: `Notifications stay in the inbox: ${message}` });
      setDesktop({ state: 'unavailable', reason: code });
    }
  }

  function setDesktop(next: AlertsState['desktop']): void {
    if (next.state === desktop.state && next.reason === desktop.reason) return;
    desktop = next;
    options.onChange();
  }

  function opened(category: string): void {
    const alert = inbox.alerts.find((each) => each.category === category);
    throttle = close(throttle, [category]).state;
    if (alert) setInbox(markRead(inbox, [alert.id]));
    options.onOpen(alert?.tradeId, alert?.page);
  }

  function setInbox(next: Inbox): void {
    if (next === inbox) return;
    inbox = next;
    options.onChange();
    written = options.inboxFile.replace(inbox).catch((error: unknown) => {
      log({ level: 'warn', message: toWireError(error).message });
    });
  }

  return {
    state() {
      const { mutedUntil, quietHours } = settings.get();
      return { inbox: inbox.alerts, unread: unreadCount(inbox), mutedUntil, quietHours, desktop };
    },
    observe(picture) {
      const { told, alerts } = tellDesk(deskTold, picture, clock.now());
      deskTold = told;
      alerts.forEach(tell);
    },
    adopt(spikes) {
      const { told, outdated } = adoptSpikes(spikesTold, spikes);
      spikesTold = told;
      apply(close(throttle, outdated));
    },
    tell,
    spike(spike) {
      const { told, alert } = tellSpike(spikesTold, spike);
      spikesTold = told;
      if (alert) tell(alert);
    },
    withdraw: (category) => apply(close(throttle, [category])),
    engineSilentSinceAt: () => (deskTold.engine.state === 'silent' ? deskTold.engine.sinceAt : undefined),
    read: (ids) => setInbox(markRead(inbox, ids)),
    async mute(mutedUntil) {
      if (typeof mutedUntil === 'number' && mutedUntil <= clock.now()) {
        throw new HalfspreadError(
          'HS_ALERTS_MUTE',
          'The end of the mute lies in the past; nothing was changed.',
          'Choose a later moment, or unmute.',
        );
      }
      await settings.set({ mutedUntil });
      options.onChange();
    },
    async setQuietHours(quietHours) {
      await settings.set({ quietHours });
      options.onChange();
    },
    async stop() {
      cancelDigest();
      notifier?.stop();
      await written;
    },
  };
}
