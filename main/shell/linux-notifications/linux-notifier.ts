import { Message, Variant, type MessageBus } from '@jellybrick/dbus-next';
import { errorMessage, HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { Severity } from '../../ipc/alert-schema.ts';
import type { DesktopNotification, Notifier, NotifierHandlers } from '../../notify/notifier.ts';
import { connectSessionBus } from '../linux/session-bus.ts';

const SERVER = 'org.freedesktop.Notifications';
const SERVER_PATH = '/org/freedesktop/Notifications';
const DBUS = 'org.freedesktop.DBus';
/** A server that hangs must not hold back the alerts after it. */
const CALL_TIMEOUT_MS = 5_000;
/** The action a click on the notification itself stands for. */
const DEFAULT_ACTION = 'default';
/** How long it stays is the desktop's choice. */
const EXPIRES_AS_USUAL = -1;

/** Desktop Notifications Specification: urgency levels and names every icon theme has. */
const LOOKS: Record<Severity, { urgency: 0 | 1 | 2; icon: string }> = {
  info: { urgency: 0, icon: 'dialog-information' },
  warn: { urgency: 1, icon: 'dialog-warning' },
  critical: { urgency: 2, icon: 'dialog-error' },
};

interface Connection {
  bus: MessageBus;
  /** What the server can do; asked once per start of it. */
  capabilities: Promise<readonly string[]> | undefined;
}

/**
 * Notifications of Linux desktops over D-Bus (org.freedesktop.Notifications), without Electron. The bus is connected at
 * the first notification and again after it broke; a server that starts later is found by the next notification.
 */
export function createLinuxNotifier(
  environment: Record<string, string | undefined>,
  handlers: NotifierHandlers,
): Notifier {
  /** The server's number of the notification on screen, by category. */
  const onScreen = new Map<string, number>();
  let connection: Connection | undefined;
  /** One call after the other: a replacement needs the number of what it replaces. */
  let queue: Promise<void> = Promise.resolve();
  let isStopped = false;

  async function connected(): Promise<Connection> {
    if (connection) return connection;
    const session = await connectSessionBus(environment, forget);
    if ('reason' in session) throw unavailable('HS_NOTIFY_NO_BUS', session.reason);
    const { bus } = session;
    bus.on('message', onMessage);
    for (const rule of [
      `type='signal',sender='${SERVER}',interface='${SERVER}'`,
      `type='signal',sender='${DBUS}',member='NameOwnerChanged',arg0='${SERVER}'`,
    ]) {
      await call(bus, { destination: DBUS, path: '/org/freedesktop/DBus', interface: DBUS, member: 'AddMatch' }, 's', [
        rule,
      ]);
    }
    connection = { bus, capabilities: undefined };
    return connection;
  }

  function forget(): void {
    connection = undefined;
    onScreen.clear();
  }

  function onMessage({ interface: from, member, body }: Message): void {
    if (from === DBUS && member === 'NameOwnerChanged') {
      // Another server: it knows none of the old numbers, and may do other things.
      onScreen.clear();
      if (connection) connection.capabilities = undefined;
      return;
    }
    if (from !== SERVER) return;
    const category = [...onScreen].find(([, id]) => id === body[0])?.[0];
    if (category === undefined) return;
    if (member === 'NotificationClosed') onScreen.delete(category);
    if (member === 'ActionInvoked' && body[1] === DEFAULT_ACTION) handlers.onOpen(category);
  }

  async function notify({ category, severity, title, body }: DesktopNotification): Promise<void> {
    const { bus } = await connected();
    const capabilities = await capabilitiesOf(bus);
    const { urgency, icon } = LOOKS[severity];
    const answer = await callServer(bus, 'Notify', 'susssasa{sv}i', [
      'Halfspread',
      onScreen.get(category) ?? 0,
      icon,
      title,
      capabilities.includes('body-markup') ? escapeMarkup(body) : body,
      capabilities.includes('actions') ? [DEFAULT_ACTION, 'Halfspread'] : [],
      { urgency: new Variant('y', urgency), 'desktop-entry': new Variant('s', 'halfspread') },
      EXPIRES_AS_USUAL,
    ]);
    const id = answer?.body[0];
    if (typeof id === 'number') onScreen.set(category, id);
  }

  async function capabilitiesOf(bus: MessageBus): Promise<readonly string[]> {
    const now = connection;
    if (!now) return [];
    now.capabilities ??= callServer(bus, 'GetCapabilities', '', []).then((answer) => {
      const names = answer?.body[0];
      return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
    });
    try {
      return await now.capabilities;
    } catch (error) {
      now.capabilities = undefined;
      throw error;
    }
  }

  function enqueue(step: () => Promise<void>): Promise<void> {
    const result = queue.then(() => (isStopped ? undefined : step()));
    queue = result.catch(() => undefined);
    return result;
  }

  return {
    show: (notification) => enqueue(() => notify(notification)),
    close(category) {
      // One that cannot be closed is gone with its server.
      enqueue(async () => {
        const id = onScreen.get(category);
        if (id === undefined || !connection) return;
        onScreen.delete(category);
        await callServer(connection.bus, 'CloseNotification', 'u', [id]);
      }).catch(() => undefined);
    },
    stop() {
      isStopped = true;
      connection?.bus.disconnect();
      forget();
    },
  };
}

async function callServer(
  bus: MessageBus,
  member: string,
  signature: string,
  body: unknown[],
): Promise<Message | null> {
  try {
    return await call(bus, { destination: SERVER, path: SERVER_PATH, interface: SERVER, member }, signature, body);
  } catch (cause) {
    throw unavailable('HS_NOTIFY_NO_SERVER', `${SERVER}: ${errorMessage(cause)}`);
  }
}

async function call(
  bus: MessageBus,
  to: { destination: string; path: string; interface: string; member: string },
  signature: string,
  body: unknown[],
): Promise<Message | null> {
  let timeout: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(new Error(`no answer within ${CALL_TIMEOUT_MS / 1000} s`)), CALL_TIMEOUT_MS);
  });
  try {
    return await Promise.race([bus.call(new Message({ ...to, signature, body })), tooLate]);
  } finally {
    clearTimeout(timeout);
  }
}

function unavailable(code: `HS_${string}`, why: string): HalfspreadError {
  return new HalfspreadError(
    code,
    `This desktop does not show notifications (${why}).`,
    'Start a notification service; the alerts are in the list of alerts in any case.',
  );
}

/** The body is markup (a subset of HTML) where the server says so. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
