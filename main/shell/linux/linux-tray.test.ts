import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrayView } from '../../tray/model.ts';
import type { TrayHost } from '../ports.ts';
import { hasBusDaemon, noBusDaemonWhy, startTestBus, type TestBus } from './bus-daemon.test-helper.ts';
import { FakePanel } from './fake-panel.test-helper.ts';
import { FakePortal } from './fake-portal.test-helper.ts';
import { createLinuxTray } from './linux-tray.ts';

const iconFolder = join(import.meta.dirname, '../../../build/resources/tray');
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 10_000 });

const view: TrayView = {
  icon: 'trading',
  title: 'Halfspread: trading',
  tooltip: ['Practice on this machine: trading', 'a < b & c'],
  menu: [
    { type: 'text', label: 'snake_case' },
    { type: 'separator' },
    { type: 'action', action: 'pause', label: 'Pause entries', isEnabled: true },
    { type: 'action', action: 'closeAll', label: 'Close all…', isEnabled: false },
  ],
};
const paused: TrayView = {
  ...view,
  icon: 'observing',
  title: 'Halfspread: entries paused',
  menu: [...view.menu.slice(0, 2), { type: 'action', action: 'start', label: 'Start trading', isEnabled: true }],
};

let tray: TrayHost | undefined;
let chosen: string[];
let complaints: string[];

function create(environment: Record<string, string | undefined>): TrayHost {
  tray = createLinuxTray({
    environment,
    iconFolder,
    onAction: (action, site) => chosen.push(site === undefined ? action : `${action} of ${site}`),
    onUnavailable: (reason) => complaints.push(reason),
  });
  return tray;
}

beforeEach(() => {
  [chosen, complaints] = [[], []];
});
afterEach(() => tray?.stop());

describe('linux tray without a desktop', () => {
  it.each([
    ['no bus', {}, 'no D-Bus session bus'],
    ['a bus that is gone', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }, 'ENOENT'],
    ['an address that is none', { DBUS_SESSION_BUS_ADDRESS: 'nonsense' }, 'invalid bus address'],
  ])('says so once and goes on: %s', async (_what, environment, reason) => {
    const host = create(environment);
    host.show(view);
    await eventually(() => complaints.length).toBe(1);
    host.show(paused);
    expect(complaints).toEqual([expect.stringContaining(reason)]);
  });
});

describe.skipIf(!hasBusDaemon)(`linux tray on a real D-Bus${noBusDaemonWhy}`, () => {
  let bus: TestBus;
  let panel: FakePanel;

  beforeEach(async () => {
    bus = await startTestBus();
    panel = await FakePanel.start(bus.environment);
  });
  afterEach(async () => {
    tray?.stop();
    panel.stop();
    await bus.stop();
  });

  it('registers one icon with title, tooltip and menu', async () => {
    await panel.appear();
    create(bus.environment).show(view);
    await eventually(() => panel.items()).toEqual([`org.kde.StatusNotifierItem-${process.pid}-1`]);
    expect(await panel.item()).toEqual({
      icon: 'trading',
      colours: 'dark',
      title: 'Halfspread: trading',
      status: 'Active',
      tooltip: 'Practice on this machine: trading\na &lt; b &amp; c',
    });
    expect(await panel.menu()).toEqual([
      { id: expect.any(Number) as number, label: 'snake__case', isEnabled: false },
      { id: expect.any(Number) as number, label: '---', isEnabled: true },
      { id: expect.any(Number) as number, label: 'Pause entries', isEnabled: true },
      { id: expect.any(Number) as number, label: 'Close all…', isEnabled: false },
    ]);
    // libdbusmenu asks for the root's properties too.
    expect(await panel.knowsRoot()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('tells the panel what changed, and asks for attention on an error', async () => {
    await panel.appear();
    const host = create(bus.environment);
    host.show(view);
    await eventually(() => panel.items()).toHaveLength(1);
    host.show(paused);
    await eventually(() => panel.history.at(-1)).toBe('observing Halfspread: entries paused');
    await eventually(() => panel.signals).toContain('LayoutUpdated');
    host.show({ ...paused, menu: paused.menu.with(0, { type: 'text', label: 'other words' }) });
    await eventually(() => panel.signals.at(-1)).toBe('ItemsPropertiesUpdated');
    host.show({ ...paused, icon: 'error' });
    await eventually(async () => (await panel.item()).status).toBe('NeedsAttention');
  });

  it('passes on clicks on what is in the menu and can be clicked, and nothing else', async () => {
    await panel.appear();
    const host = create(bus.environment);
    host.show(view);
    await eventually(() => panel.items()).toHaveLength(1);
    await panel.click('Close all');
    await panel.click('Pause entries');
    const pause = (await panel.menu()).find(({ label }) => label === 'Pause entries');
    host.show(paused);
    // The panel's menu was open while it changed.
    await panel.clickId(pause?.id ?? -1);
    await panel.activate();
    expect(chosen).toEqual(['pause', 'open']);
  });

  it('has menus inside the menu, whose entries keep their place while words change', async () => {
    await panel.appear();
    const host = create(bus.environment);
    const withSite = (label: string): TrayView => ({
      ...view,
      menu: [
        ...view.menu,
        {
          type: 'menu',
          id: 'tokyo-1',
          label,
          entries: [
            { type: 'action', action: 'siteStop', site: 'tokyo-1', label: 'Stop', isEnabled: true },
            { type: 'action', action: 'siteStart', site: 'tokyo-1', label: 'Start', isEnabled: false },
          ],
        },
      ],
    });
    host.show(withSite('tokyo-1: running'));
    await eventually(() => panel.items()).toHaveLength(1);
    const before = (await panel.menu()).at(-1);
    expect(before).toMatchObject({
      label: 'tokyo-1: running',
      isEnabled: true,
      menu: [{ label: 'Stop' }, { isEnabled: false }],
    });
    host.show(withSite('tokyo-1: busy'));
    await eventually(() => panel.signals.at(-1)).toBe('ItemsPropertiesUpdated');
    expect((await panel.menu()).at(-1)?.menu).toEqual(before?.menu);
    await panel.click('Stop');
    await panel.click('Start');
    expect(chosen).toEqual(['siteStop of tokyo-1']);
  });

  it('waits for a panel that comes later, says so once, and comes back to one that was started again', async () => {
    create(bus.environment).show(view);
    await eventually(() => complaints.length).toBe(1);
    await panel.appear();
    await eventually(() => panel.items()).toHaveLength(1);
    await panel.vanish();
    await panel.appear();
    await eventually(() => panel.items()).toHaveLength(1);
    expect((await panel.item()).title).toBe('Halfspread: trading');
    expect(complaints).toEqual([expect.stringContaining('appears when one starts')]);
  });

  it('is drawn for a light panel where the desktop prefers light, also when that changes', async () => {
    const portal = await FakePortal.start(bus.environment, 'light');
    await panel.appear();
    create(bus.environment).show(view);
    await eventually(() => panel.items()).toHaveLength(1);
    await eventually(() => panel.item()).toMatchObject({ icon: 'trading', colours: 'light' });
    portal.change('none');
    await eventually(() => panel.item()).toMatchObject({ icon: 'trading', colours: 'dark' });
    portal.stop();
  });

  it('takes its icon away when it stops', async () => {
    await panel.appear();
    create(bus.environment).show(view);
    await eventually(() => panel.items()).toHaveLength(1);
    tray?.stop();
    await eventually(() => panel.items()).toEqual([]);
  });

  it('outlives its bus', async () => {
    await panel.appear();
    const host = create(bus.environment);
    host.show(view);
    await eventually(() => panel.items()).toHaveLength(1);
    await bus.stop();
    await eventually(() => complaints).toEqual(['the D-Bus session bus has gone']);
    host.show(paused);
    bus = await startTestBus();
  });
});
