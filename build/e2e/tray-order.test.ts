/** Engine state to icon, title and menu, in order, from the engine's process over main to a panel on a real D-Bus. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userFolders } from '../../engine/protocol/folders.ts';
import { startApp, type App } from '../../main/app.ts';
import { openLogs, type Logs } from '../../main/diagnostics/logs.ts';
import { createRedactor } from '../../main/diagnostics/redact.ts';
import { createBrowserShell } from '../../main/shell/browser/browser-shell.ts';
import {
  hasBusDaemon,
  noBusDaemonWhy,
  startTestBus,
  type TestBus,
} from '../../main/shell/linux/bus-daemon.test-helper.ts';
import { FakePanel } from '../../main/shell/linux/fake-panel.test-helper.ts';

const ROOT = join(import.meta.dirname, '../..');

describe.skipIf(!hasBusDaemon)(`the tray, through every state${noBusDaemonWhy}`, () => {
  let home: string;
  let bus: TestBus;
  let panel: FakePanel;
  let logs: Logs;
  let app: App;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'hs-tray-order-'));
    bus = await startTestBus();
    panel = await FakePanel.start(bus.environment);
    await panel.appear();
    logs = openLogs(join(home, 'data', 'logs'), createRedactor({ homeFolder: home }), 'info');
    const folders = userFolders('linux', { HALFSPREAD_HOME: home }, home);
    app = await startApp({
      programs: {
        engine: join(ROOT, 'engine/agent/staged-engine.test-helper.ts'),
        practice: join(ROOT, 'main/engines/fake-practice.test-helper.ts'),
        accounts: join(ROOT, 'engine/accounts/main.ts'),
        keychain: join(ROOT, 'main/keys/storage/keychain-program.ts'),
        configCheck: join(ROOT, 'engine/config/check-main.ts'),
      },
      version: '0.0.0',
      platform: 'linux',
      folders,
      language: 'en',
      shell: createBrowserShell({
        root: ROOT,
        version: '0.0.0',
        dataFolder: folders.data,
        reason: undefined,
        openBrowser: false,
        environment: { ...bus.environment, HALFSPREAD_HOME: home, DBUS_SYSTEM_BUS_ADDRESS: '' },
        platform: 'linux',
        terminal: undefined,
        homeFolder: home,
        startCommand: ['halfspread'],
        print: () => undefined,
        onTrayUnavailable: () => undefined,
      }),
      log: logs.main.write,
      logs,
      onQuit: () => undefined,
    });
  });
  afterAll(async () => {
    await app?.stop();
    panel?.stop();
    await bus?.stop();
    await rm(home, { recursive: true, force: true });
  });

  it('goes off, observing, trading, warning at a spike, trading, halted, off, each after its event', async () => {
    const seen: string[] = [];
    const shows = async (icon: string, title: string) => {
      const look = async () => {
        const item = await panel.item();
        return `${item.icon} ${item.title}`;
      };
      await expect.poll(look, { timeout: 20_000, interval: 30 }).toBe(`${icon} Halfspread: ${title}`);
      seen.push(icon);
    };
    const next = () => process.kill(app.state().engine.pid!, 'SIGUSR2');

    // Before the engine has said anything; then its first state.
    await shows('observing', 'observing, no orders');
    expect(panel.history.some((view) => view.startsWith('off Halfspread: '))).toBe(true);
    next();
    await shows('trading', 'trading');
    next();
    await shows('warning', 'trading');
    expect((await panel.item()).tooltip).toContain('Paradex');
    next();
    await shows('trading', 'trading');
    next();
    await shows('error', 'halted');
    expect(await panel.item()).toMatchObject({ status: 'NeedsAttention' });
    expect((await panel.item()).tooltip).toContain('a venue could not say what became of an order');
    await app.stop();
    await expect.poll(() => panel.history.at(-1)?.split(' ')[0], { timeout: 20_000 }).toBe('off');
    expect(seen).toEqual(['observing', 'trading', 'warning', 'trading', 'error']);
    const order = panel.history.map((view) => view.split(' ')[0]).filter((icon, at, all) => icon !== all[at - 1]);
    expect(order).toEqual(['off', 'observing', 'trading', 'warning', 'trading', 'error', 'off']);
  });
});
