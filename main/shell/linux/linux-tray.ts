import { Message, type MessageBus } from '@jellybrick/dbus-next';
import type { Panel } from '../../tray/icon.ts';
import type { TrayAction, TrayView } from '../../tray/model.ts';
import type { Availability } from '../../ipc/availability-schema.ts';
import type { TrayHost } from '../ports.ts';
import { DBusMenu } from './dbus-menu.ts';
import { followPanelColour } from './panel-colour.ts';
import { readPixmaps, type Pixmaps } from './pixmaps.ts';
import { connectSessionBus } from './session-bus.ts';
import { ITEM_PATH, MENU_PATH, StatusNotifierItem } from './status-notifier-item.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';
const DBUS = 'org.freedesktop.DBus';
const DBUS_PATH = '/org/freedesktop/DBus';

export interface LinuxTrayOptions {
  environment: Record<string, string | undefined>;
  /** Holds pixmaps.json. */
  iconFolder: string;
  onAction(action: TrayAction): void;
  /** Said once: why there is no tray. */
  onUnavailable(reason: string): void;
}

/**
 * The tray of Linux desktops over D-Bus, without Electron: an icon any StatusNotifierWatcher (KDE, Xfce, GNOME with its
 * extension, others) takes up, also one that starts later or again. Without a bus or a watcher nothing is shown, and
 * nothing else changes.
 */
export function createLinuxTray(options: LinuxTrayOptions): TrayHost {
  const item = new StatusNotifierItem(() => options.onAction('open'));
  const menu = new DBusMenu(options.onAction);
  let bus: MessageBus | undefined;
  let pixmaps: Pixmaps | undefined;
  let panel: Panel = 'dark';
  let view: TrayView | undefined;
  let hasComplained = false;
  let availability: Availability = { state: 'untried' };
  let isStopped = false;

  function complain(reason: string): void {
    availability = { state: 'unavailable', reason: noTray(reason) };
    if (!hasComplained && !isStopped) options.onUnavailable(reason);
    hasComplained = true;
  }

  function draw(): void {
    if (!view || !pixmaps || !bus) return;
    try {
      item.show(view, pixmaps[view.icon][panel]);
      menu.show(view.menu);
    } catch (error) {
      // The connection is ending; its end follows.
      complain(messageOf(error));
    }
  }

  async function connect(): Promise<void> {
    pixmaps = await readPixmaps(options.iconFolder);
    const session = await connectSessionBus(options.environment, () => {
      bus = undefined;
      complain('the D-Bus session bus has gone');
    });
    if ('reason' in session) return complain(session.reason);
    if (isStopped) return session.bus.disconnect();
    bus = session.bus;
    draw();
    bus.export(ITEM_PATH, item);
    bus.export(MENU_PATH, menu);
    const name = `org.kde.StatusNotifierItem-${process.pid}-1`;
    await bus.requestName(name);
    await followWatcher(bus, () => register(session.bus, name));
    await followPanelColour(bus, (next) => {
      panel = next;
      draw();
    });
  }

  async function register(to: MessageBus, name: string): Promise<void> {
    await to.call(
      new Message({
        destination: WATCHER,
        path: WATCHER_PATH,
        interface: WATCHER,
        member: 'RegisterStatusNotifierItem',
        signature: 's',
        body: [name],
      }),
    );
    availability = { state: 'available' };
  }

  /** Registers with the watcher that is there, and with every one that comes. */
  async function followWatcher(on: MessageBus, registerThere: () => Promise<void>): Promise<void> {
    const tryToRegister = () => registerThere().catch((error: unknown) => complain(messageOf(error)));
    on.on('message', ({ interface: from, member, body: [changed, , newOwner] }: Message) => {
      const isWatcher = from === DBUS && member === 'NameOwnerChanged' && changed === WATCHER;
      if (isWatcher && newOwner !== '') void tryToRegister();
    });
    await on.call(
      toBus(
        'AddMatch',
        `type='signal',sender='${DBUS}',interface='${DBUS}',member='NameOwnerChanged',arg0='${WATCHER}'`,
      ),
    );
    const answer = await on.call(toBus('NameHasOwner', WATCHER));
    if (answer?.body[0] === true) await tryToRegister();
    else complain('the desktop has no tray for StatusNotifierItem; the icon appears when one starts');
  }

  connect().catch((error: unknown) => complain(messageOf(error)));
  return {
    show(next) {
      view = next;
      draw();
    },
    availability: () => availability,
    stop() {
      isStopped = true;
      // Panels take an icon away when its owner leaves the bus.
      bus?.disconnect();
    },
  };
}

function toBus(member: string, argument: string): Message {
  return new Message({
    destination: DBUS,
    path: DBUS_PATH,
    interface: DBUS,
    member,
    signature: 's',
    body: [argument],
  });
}

function noTray(reason: string): Availability['reason'] {
  return {
    code: 'HS_TRAY_UNAVAILABLE',
    message: `There is no tray icon: ${reason}.`,
    remedy: 'Start a desktop panel that shows StatusNotifierItems; on GNOME its AppIndicator extension does.',
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
