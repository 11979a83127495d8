/** What every shell must do for main and for the window, asked of both hosts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHandlers, fakeAppState, type FakeHandlers } from '../ipc/fake-handlers.test-helper.ts';
import { createIpcServer } from '../ipc/server.ts';
import type { WindowHost } from './ports.ts';
import { browserHost, electronHost, type TestHost, type TestWindow } from './test-hosts.test-helper.ts';

describe.each([
  ['browser shell', browserHost],
  ['electron shell', electronHost],
])('%s', (_name, createHost: (root: string) => TestHost) => {
  let root: string;
  let handlers: FakeHandlers;
  let testHost: TestHost;
  let host: WindowHost;
  let shell: TestHost['shell'];
  let window: TestWindow;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hs-host-'));
    await mkdir(join(root, 'dist', 'renderer', 'assets'), { recursive: true });
    await writeFile(join(root, 'dist', 'renderer', 'index.html'), 'the window');
    await writeFile(join(root, 'dist', 'renderer', 'assets', 'index.js'), 'export {}');
    await writeFile(join(root, 'dist', 'renderer', 'assets', 'index.js.map'), 'a secret');
    for (const folder of ['.', 'dist']) await writeFile(join(root, folder, 'secret.html'), 'a secret');
    handlers = createFakeHandlers();
    testHost = createHost(root);
    shell = testHost.shell;
    host = await shell.serveWindow(createIpcServer(handlers), {
      onRoute: () => undefined,
      onCrash: () => undefined,
      onTrouble: () => undefined,
    });
    await host.open();
    window = await testHost.openWindow();
  });
  afterEach(async () => {
    await host.stop();
    await rm(root, { recursive: true });
  });

  it('passes calls to their handlers and answers back', async () => {
    expect(await window.call('app.open', {})).toMatchObject({ ok: true, output: { app: fakeAppState } });
    expect(await window.call('engine.command', { name: 'pause' })).toMatchObject({ ok: true });
    expect(handlers.commands).toEqual([{ name: 'pause' }]);
  });

  it('answers errors as code, message and remedy', async () => {
    const choice = { tape: 'x', network: 'none', fees: 'zero' };
    const error = { code: 'HS_PRACTICE_CHOICE', message: 'There is no such tape.', remedy: 'Choose another.' };
    expect(await window.call('practice.choose', choice)).toMatchObject({ ok: false, error });
  });

  it.each<[string, string, unknown]>([
    ['an unknown call', 'nothing', {}],
    ['the name of what every object has', '__proto__', {}],
    ['an unknown command', 'engine.command', { name: 'withdraw' }],
    ['an unknown key', 'engine.command', { name: 'stop', force: true }],
    ['a wrong type', 'settings.set', { language: 7 }],
    ['no input', 'settings.set', null],
  ])('refuses %s before a handler sees it', async (_what, name, input) => {
    expect(await window.call(name, input)).toMatchObject({ ok: false, error: { code: 'HS_IPC_INVALID' } });
    expect([...handlers.commands, ...handlers.settings]).toEqual([]);
  });

  it('brings events to the window', async () => {
    host.emit('app.state', fakeAppState);
    await expect.poll(() => window.events(), { timeout: 15_000 }).toEqual([{ name: 'app.state', data: fakeAppState }]);
  });

  it('starts at login only when told to, and says so', async () => {
    expect(await shell.loginItem?.read()).toEqual({ state: 'off' });
    expect(await shell.loginItem?.set(true)).toEqual({ state: 'on' });
    expect(await shell.loginItem?.set(false)).toEqual({ state: 'off' });
  });

  it('names a place to save a file', async () => {
    expect(await shell.chooseSavePath('bundle.zip')).toMatch(/\.zip$/);
  });

  it('lets no other page call', async () => {
    for (const call of window.foreignCalls()) await expect(call).rejects.toThrow();
    expect(handlers.commands).toEqual([]);
  });

  it('serves the built window', async () => {
    expect(await window.file('/')).toMatchObject({ status: 200, text: 'the window' });
    const script = await window.file('/assets/index.js');
    expect(script).toMatchObject({ status: 200, text: 'export {}' });
    expect(script.headers['content-type']).toContain('text/javascript');
  });

  it.each(['/', '/assets/index.js', '/nothing.js'])('binds the page by a strict policy (%s)', async (path) => {
    const { headers } = await window.file(path);
    const policy = Object.fromEntries(
      headers['content-security-policy']!.split(';').map((part) => {
        const [directive, ...sources] = part.trim().split(' ');
        return [directive, sources.join(' ')];
      }),
    );
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': testHost.connectSources,
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    for (const feature of ['camera', 'microphone', 'geolocation', 'usb', 'hid', 'serial', 'bluetooth']) {
      expect(headers['permissions-policy']).toContain(`${feature}=()`);
    }
  });

  it('does not keep the page', async () => {
    expect((await window.file('/')).headers['cache-control']).toBe('no-store');
  });

  it.each([
    '/../secret.html',
    '/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/assets/..%2f..%2fsecret.html',
    '/assets/%2e%2e/%2e%2e/secret.html',
    '/..\\secret.html',
    '/.%00./secret.html',
    '//etc/passwd',
    '/assets/index.js.map',
    '/assets',
    '/__proto__',
  ])('serves no file but the window’s (%s)', async (path) => {
    const { status, text } = await window.file(path);
    expect(status).toBe(404);
    expect(text).not.toContain('a secret');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('serves nothing to %s', async (method) => {
    expect(await window.file('/', method)).toMatchObject({ status: 405 });
  });

  it('opens links of the allow-list outside, and no other', async () => {
    await testHost.shell.openExternal('https://docs.paradex.trade/api');
    for (const address of ['https://evil.example/', 'http://docs.paradex.trade/', 'file:///etc/passwd', '--help']) {
      await expect(testHost.shell.openExternal(address)).rejects.toMatchObject({ code: 'HS_EXTERNAL_LINK' });
    }
    expect(testHost.openedOutside()).toEqual(['https://docs.paradex.trade/api']);
  });
});
