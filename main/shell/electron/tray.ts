import { join } from 'node:path';
import type { TrayIcon } from '../../tray/icon.ts';
import type { TrayAction, TrayEntry, TrayView } from '../../tray/model.ts';
import type { TrayHost } from '../ports.ts';
import type { ElectronTrayPort, MenuItemTemplate, TrayPort } from './tray-port.ts';

export interface ElectronTrayOptions {
  electron: ElectronTrayPort;
  /** "darwin", "win32", others are taken for Linux. */
  platform: string;
  /** The generated icons: dist/main/tray. */
  iconFolder: string;
  onAction(action: TrayAction): void;
}

/** Electron's tray. Call after `app.whenReady()`. */
export function createElectronTray({ electron, platform, iconFolder, onAction }: ElectronTrayOptions): TrayHost {
  let tray: TrayPort | undefined;
  let shown: TrayView | undefined;

  function imagePath(icon: TrayIcon): string {
    const { nativeTheme } = electron;
    if (platform === 'darwin') return join(iconFolder, 'mac', `${icon}Template.png`);
    if (platform === 'win32') {
      const panel = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ? 'dark' : 'light';
      return join(iconFolder, 'windows', `${icon}-on-${panel}.ico`);
    }
    // Panels of Linux desktops are dark more often than not, and tell nobody: the large picture is scaled by them.
    return join(iconFolder, 'linux', `${icon}-on-dark-48.png`);
  }

  function redraw(): void {
    if (tray && shown) tray.setImage(imagePath(shown.icon));
  }

  function create(icon: TrayIcon): TrayPort {
    const created = new electron.Tray(imagePath(icon));
    // Either click shows the menu; only Windows does not do so by itself.
    if (platform === 'win32') created.on('click', () => created.popUpContextMenu());
    electron.nativeTheme.on('updated', redraw);
    return created;
  }

  return {
    show(view) {
      tray ??= create(view.icon);
      if (shown !== undefined && shown.icon !== view.icon) tray.setImage(imagePath(view.icon));
      tray.setToolTip([view.title, ...view.tooltip].join('\n'));
      tray.setContextMenu(electron.Menu.buildFromTemplate(view.menu.map((entry) => templateOf(entry, onAction))));
      shown = view;
    },
    availability: () => ({ state: tray ? 'available' : 'untried' }),
    stop() {
      electron.nativeTheme.off('updated', redraw);
      tray?.destroy();
      tray = undefined;
    },
  };
}

function templateOf(entry: TrayEntry, onAction: (action: TrayAction) => void): MenuItemTemplate {
  switch (entry.type) {
    case 'separator':
      return { type: 'separator' };
    case 'text':
      return { label: withoutAccessKey(entry.label), enabled: false };
    case 'action':
      return {
        label: withoutAccessKey(entry.label),
        enabled: entry.isEnabled,
        click: () => onAction(entry.action),
      };
  }
}

/** A single ampersand would mark the next letter as the access key. */
function withoutAccessKey(label: string): string {
  return label.replaceAll('&', '&&');
}
