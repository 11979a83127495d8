import type { Language } from '../../ipc/schema.ts';
import { wordsIn } from '../../text/words.ts';
import type { MenuItemTemplate } from './tray-port.ts';

const ZOOM = ['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'] as const;

/**
 * The window's menu, for its keys: zoom everywhere, and on macOS what every program has there. In place of Electron's own,
 * which offers reloading, DevTools and links to Electron's sites. Hidden on Windows and Linux until Alt is pressed.
 */
export function appMenu(platform: string, language: Language): MenuItemTemplate[] {
  const { text } = wordsIn(language);
  const view = { label: text('menu.view'), submenu: ZOOM.map((role) => ({ role, label: text(`menu.${role}`) })) };
  // macOS names the items of its own menus itself, in the system's language.
  return platform === 'darwin' ? [{ role: 'appMenu' }, { role: 'editMenu' }, view, { role: 'windowMenu' }] : [view];
}
