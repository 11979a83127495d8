import { Message, MessageFlag, Variant, type MessageBus } from '@jellybrick/dbus-next';
import type { Panel } from '../../tray/icon.ts';

const PORTAL = 'org.freedesktop.portal.Desktop';
const PORTAL_PATH = '/org/freedesktop/portal/desktop';
const SETTINGS = 'org.freedesktop.portal.Settings';
const NAMESPACE = 'org.freedesktop.appearance';
const KEY = 'color-scheme';
const PREFERS_LIGHT = 2;

/**
 * Follows the desktop's colour scheme (xdg-desktop-portal, Settings). Panels are dark unless the desktop says that it
 * prefers light; most say nothing.
 */
export async function followPanelColour(bus: MessageBus, onPanel: (panel: Panel) => void): Promise<void> {
  bus.on('message', ({ interface: name, member, body }: Message) => {
    if (name !== SETTINGS || member !== 'SettingChanged') return;
    const [namespace, key, value] = body;
    if (namespace === NAMESPACE && key === KEY) onPanel(panelOf(value));
  });
  await bus.call(
    new Message({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'AddMatch',
      signature: 's',
      body: [`type='signal',interface='${SETTINGS}',member='SettingChanged',arg0='${NAMESPACE}'`],
    }),
  );
  try {
    const answer = await bus.call(
      new Message({
        destination: PORTAL,
        path: PORTAL_PATH,
        interface: SETTINGS,
        member: 'Read',
        signature: 'ss',
        body: [NAMESPACE, KEY],
        flags: MessageFlag.NO_AUTO_START,
      }),
    );
    onPanel(panelOf(answer?.body[0]));
  } catch {
    // No portal, or one without this setting: the usual dark panel.
    onPanel('dark');
  }
}

/** `Read` wraps the value in one variant more than `SettingChanged` does. */
function panelOf(value: unknown): Panel {
  let inner = value;
  while (inner instanceof Variant) inner = inner.value;
  return inner === PREFERS_LIGHT ? 'light' : 'dark';
}
