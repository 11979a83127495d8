import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TRAY_ICONS } from '../../tray/icon.ts';
import type { TrayView } from '../../tray/model.ts';
import type { TrayHost } from '../ports.ts';
import { FakeTrayElectron } from './fake-tray.test-helper.ts';
import { createElectronTray } from './tray.ts';

const iconFolder = join(import.meta.dirname, '../../../build/resources/tray');
const view: TrayView = {
  icon: 'trading',
  title: 'Halfspread: trading',
  tooltip: ['Practice on this machine: trading', 'Net today 0.00 USD'],
  menu: [
    { type: 'text', label: 'Profit & loss' },
    { type: 'separator' },
    { type: 'action', action: 'pause', label: 'Pause entries', isEnabled: true },
    { type: 'action', action: 'closeAll', label: 'Close all…', isEnabled: false },
  ],
};

let electron: FakeTrayElectron;
let chosen: string[];
const create = (platform: string): TrayHost =>
  createElectronTray({
    electron,
    platform,
    iconFolder,
    onAction: (action, site) => chosen.push(site === undefined ? action : `${action} of ${site}`),
  });

beforeEach(() => {
  electron = new FakeTrayElectron();
  chosen = [];
});

describe('electron tray', () => {
  it('shows one icon with tooltip and menu, and passes on what is clicked', () => {
    const tray = create('linux');
    tray.show(view);
    tray.show({ ...view, icon: 'warning' });
    expect(electron.trays).toHaveLength(1);
    const [shown] = electron.trays;
    expect(shown?.toolTip).toBe('Halfspread: trading\nPractice on this machine: trading\nNet today 0.00 USD');
    expect(shown?.menu).toMatchObject([
      { label: 'Profit && loss', enabled: false },
      { type: 'separator' },
      { label: 'Pause entries', enabled: true },
      { label: 'Close all…', enabled: false },
    ]);
    shown?.menu[2]?.click?.();
    expect(chosen).toEqual(['pause']);
    expect(shown?.images.map((path) => path.split('/').at(-1))).toEqual([
      'trading-on-dark-48.png',
      'warning-on-dark-48.png',
    ]);
  });

  it('has menus inside the menu, and says which site was meant', () => {
    create('linux').show({
      ...view,
      menu: [
        {
          type: 'menu',
          id: 'tokyo-1',
          label: 'tokyo-1: running',
          entries: [{ type: 'action', action: 'siteStop', site: 'tokyo-1', label: 'Stop', isEnabled: true }],
        },
      ],
    });
    electron.trays[0]?.menu[0]?.submenu?.[0]?.click?.();
    expect(chosen).toEqual(['siteStop of tokyo-1']);
  });

  it.each(['darwin', 'win32', 'linux'])('has a file for every icon on %s', (platform) => {
    const tray = create(platform);
    for (const icon of TRAY_ICONS) tray.show({ ...view, icon });
    const images = electron.trays.flatMap((shown) => shown.images);
    expect(new Set(images).size).toBe(TRAY_ICONS.length);
    expect(images.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('uses template images on macOS, so that the menu bar colours them', () => {
    create('darwin').show(view);
    expect(electron.trays[0]?.images[0]).toMatch(/mac.tradingTemplate\.png$/);
    expect(existsSync(join(iconFolder, 'mac', 'tradingTemplate@2x.png'))).toBe(true);
  });

  it('follows the colour of the Windows taskbar, and opens the menu on either click', () => {
    create('win32').show(view);
    electron.nativeTheme.change(false);
    const [shown] = electron.trays;
    expect(shown?.images.map((path) => path.split(/[\\/]/).at(-1))).toEqual([
      'trading-on-dark.ico',
      'trading-on-light.ico',
    ]);
    shown?.click();
    expect(shown?.popUps).toBe(1);
  });

  it('is gone after stop, also for later changes of the theme', () => {
    const tray = create('win32');
    tray.show(view);
    tray.stop();
    electron.nativeTheme.change(false);
    expect(electron.trays[0]).toMatchObject({ isDestroyed: true });
    expect(electron.trays[0]?.images).toHaveLength(1);
  });
});
