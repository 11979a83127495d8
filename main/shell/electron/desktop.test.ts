import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { DeepLink } from '../../lifecycle/deep-link.ts';
import { FakeDesktopElectron, FakeLoginItems } from './fake-desktop.test-helper.ts';
import { followLinks, type ElectronLinksPort } from './links.ts';
import { createElectronLoginItem } from './login-item.ts';
import { createElectronPower } from './power.ts';

describe('start at login through Electron', () => {
  it('is read from the system and changed there; Windows knows it by path and argument, macOS by nothing', async () => {
    const app = new FakeLoginItems();
    const windows = createElectronLoginItem(app, 'win32', 'C:\\Halfspread.exe');
    expect(await windows.read()).toEqual({ state: 'off' });
    expect(await windows.set(true)).toEqual({ state: 'on' });
    expect(app.asked).toContainEqual({ openAtLogin: true, path: 'C:\\Halfspread.exe', args: ['--hidden'] });
    const mac = new FakeLoginItems();
    await createElectronLoginItem(mac, 'darwin', '/Applications/x').set(true);
    expect(mac.asked).toEqual([{ openAtLogin: true }, {}]);
  });

  it('says that the system waits for the person, or that somebody switched it off there', async () => {
    const app = new FakeLoginItems();
    app.status = 'requires-approval';
    expect(await createElectronLoginItem(app, 'darwin', '/x').set(true)).toMatchObject({
      state: 'changed',
      reason: { code: 'HS_LOGIN_ITEM_APPROVAL' },
    });
    const windows = new FakeLoginItems();
    [windows.isOn, windows.executableWillLaunchAtLogin] = [true, false];
    expect((await createElectronLoginItem(windows, 'win32', 'x').read()).reason?.code).toBe('HS_LOGIN_ITEM_DISABLED');
  });

  it('refuses with a code when the system did not take it over', async () => {
    const app = new FakeLoginItems();
    app.isDeaf = true;
    await expect(createElectronLoginItem(app, 'win32', 'x').set(true)).rejects.toMatchObject({ code: 'HS_LOGIN_ITEM' });
  });
});

it('sleep and lock come through Electron’s monitor, until it is stopped', () => {
  const electron = new FakeDesktopElectron();
  const events: string[] = [];
  const power = createElectronPower(electron.powerMonitor, (event) => events.push(event));
  for (const event of ['suspend', 'resume', 'lock-screen', 'unlock-screen'] as const) electron.tellPower(event);
  power.stop();
  electron.tellPower('suspend');
  expect(events).toEqual(['suspend', 'resume', 'lockScreen', 'unlockScreen']);
  expect(power.availability().sleep).toMatchObject({ state: 'limited', reason: { code: 'HS_POWER_NO_WAIT' } });
});

describe('links through Electron', () => {
  class FakeApp extends EventEmitter implements ElectronLinksPort {
    isPackaged = true;
    readonly registered: unknown[][] = [];
    setAsDefaultProtocolClient(...args: unknown[]): boolean {
      this.registered.push(args);
      return true;
    }
  }
  const start = (args: string[] = [], app = new FakeApp()) => ({
    app,
    links: followLinks({ app, args, startCommand: ['/electron', '/main.mjs'] }),
  });
  const collect = (links: ReturnType<typeof followLinks>) => {
    const seen: (DeepLink['route'] | 'again')[] = [];
    links.handle({ onLink: ({ route }) => seen.push(route), onStartedAgain: () => seen.push('again') });
    return seen;
  };

  it('registers the package, or from a checkout the command that runs it', () => {
    expect(start().app.registered).toEqual([['halfspread']]);
    const app = new FakeApp();
    app.isPackaged = false;
    expect(start([], app).app.registered).toEqual([['halfspread', '/electron', ['/main.mjs']]]);
  });

  it('takes the link it was started with, and one macOS brings before there is a window', () => {
    expect(collect(start(['electron', 'halfspread://trade/3']).links)).toEqual([{ page: 'trade', tradeId: 3 }]);
    const { app, links } = start();
    let wasPrevented = false;
    app.emit('open-url', { preventDefault: () => (wasPrevented = true) }, 'halfspread://alerts');
    expect(collect(links)).toEqual([{ page: 'alerts' }]);
    expect(wasPrevented).toBe(true);
  });

  it('takes the link of a second start; without one the window is shown', () => {
    const { app, links } = start();
    const seen = collect(links);
    app.emit('second-instance', {}, ['halfspread', '--flag', 'halfspread://latency']);
    app.emit('second-instance', {}, ['halfspread']);
    app.emit('second-instance', {}, ['halfspread', 'halfspread://closeAll']);
    app.emit('open-url', { preventDefault: () => undefined }, 'https://evil.example/');
    expect(seen).toEqual([{ page: 'latency' }, 'again', { page: 'overview' }]);
  });
});
