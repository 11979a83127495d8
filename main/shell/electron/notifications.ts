import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { Severity } from '../../ipc/alert-schema.ts';
import type { Notifier, NotifierHandlers } from '../../notify/notifier.ts';

/** The part of the electron module notifications use; ElectronPort extends it. */
export interface ElectronNotificationPort {
  Notification: NotificationPort;
}

/** The real class and the test's double fit it. */
export interface NotificationPort {
  new (options: NotificationOptions): ShownNotification;
  isSupported(): boolean;
}

export interface NotificationOptions {
  title: string;
  body: string;
  /** Linux only. */
  urgency: 'low' | 'normal' | 'critical';
  /** Windows and Linux: `never` stays until it is dealt with. */
  timeoutType: 'default' | 'never';
  silent: boolean;
}

export interface ShownNotification {
  on(event: 'show' | 'click' | 'close', listener: () => void): unknown;
  /** Windows. */
  on(event: 'failed', listener: (event: unknown, error: string) => void): unknown;
  show(): void;
  close(): void;
}

const URGENCY: Record<Severity, NotificationOptions['urgency']> = { info: 'low', warn: 'normal', critical: 'critical' };
/** Some desktops never say that they showed it; no news by then is good news. */
const SHOW_TIMEOUT_MS = 2_000;

/** Notifications through Electron. It has no replacing of its own: the old one of the category is closed first. */
export function createElectronNotifier(Notification: NotificationPort, handlers: NotifierHandlers): Notifier {
  /** Also keeps them from being collected as garbage, with which their clicks would be lost. */
  const onScreen = new Map<string, ShownNotification>();

  function close(category: string): void {
    const old = onScreen.get(category);
    onScreen.delete(category);
    old?.close();
  }

  return {
    show({ category, severity, title, body }) {
      if (!Notification.isSupported()) return Promise.reject(unavailable('the system has no notifications'));
      close(category);
      const isCritical = severity === 'critical';
      const shown = new Notification({
        title,
        body,
        urgency: URGENCY[severity],
        timeoutType: isCritical ? 'never' : 'default',
        silent: !isCritical,
      });
      onScreen.set(category, shown);
      const isCurrent = () => onScreen.get(category) === shown;
      return new Promise((resolve, reject) => {
        const timeout = setTimeout(resolve, SHOW_TIMEOUT_MS);
        shown.on('show', () => {
          clearTimeout(timeout);
          resolve();
        });
        shown.on('failed', (_event, error) => {
          clearTimeout(timeout);
          if (isCurrent()) onScreen.delete(category);
          reject(unavailable(error));
        });
        shown.on('click', () => {
          if (isCurrent()) onScreen.delete(category);
          handlers.onOpen(category);
        });
        shown.on('close', () => {
          if (isCurrent()) onScreen.delete(category);
        });
        shown.show();
      });
    },
    close,
    stop: () => [...onScreen.keys()].forEach(close),
  };
}

function unavailable(why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_NOTIFY_FAILED',
    `This desktop does not show notifications (${why}).`,
    'Allow notifications of Halfspread in the system’s settings; the alerts are in the list of alerts in any case.',
  );
}
