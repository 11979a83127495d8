import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHandlers } from '../../ipc/fake-handlers.test-helper.ts';
import { createIpcServer } from '../../ipc/server.ts';
import type { WindowHost } from '../ports.ts';
import { createBrowserShell } from './browser-shell.ts';
import { linkOfRunningWindow } from './window-file.ts';

let root: string;
let dataFolder: string;
let host: WindowHost | undefined;

const serve = async () => {
  const shell = createBrowserShell({
    root,
    version: '0.0.0',
    dataFolder,
    reason: undefined,
    openBrowser: false,
    environment: {},
    platform: 'linux',
    homeFolder: root,
    startCommand: ['halfspread'],
    print: () => undefined,
    terminal: undefined,
    onTrayUnavailable: () => undefined,
  });
  host = await shell.serveWindow(createIpcServer(createFakeHandlers()));
  return host;
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hs-file-'));
  dataFolder = join(root, 'data');
});
afterEach(async () => {
  await host?.stop();
  host = undefined;
  await rm(root, { recursive: true });
});

describe('a second start', () => {
  it('gets a link that works from the window that is already there', async () => {
    await serve();
    expect((await stat(join(dataFolder, 'window.json'))).mode & 0o777).toBe(0o600);
    const running = await linkOfRunningWindow(dataFolder);
    expect(running?.pid).toBe(process.pid);
    expect((await fetch(running!.link)).status).toBe(200);
  });

  it('finds nothing after the window was stopped, and the file is gone', async () => {
    await (await serve()).stop();
    host = undefined;
    expect(await linkOfRunningWindow(dataFolder)).toBeUndefined();
    await expect(stat(join(dataFolder, 'window.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not held up by a file a killed window left, nor by one it cannot read', async () => {
    await serve();
    const left = await readFile(join(dataFolder, 'window.json'), 'utf8');
    await host!.stop();
    host = undefined;
    for (const text of [left, '{', '{}']) {
      await writeFile(join(dataFolder, 'window.json'), text);
      expect(await linkOfRunningWindow(dataFolder)).toBeUndefined();
    }
    await serve();
    expect((await linkOfRunningWindow(dataFolder))?.link).toContain('/open/');
  });
});
