/** Each item of security.md's "Electron" that a page could try, against the double of the electron module. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeLockDownElectron } from './fake-lock-down.test-helper.ts';
import type { FakePage, FakeSession } from './fake-lock-down.test-helper.ts';
import { lockDown, openExternally, WINDOW_PARTITION } from './lock-down.ts';

let electron: FakeLockDownElectron;
let session: FakeSession & { options: { cache: boolean } };
let page: FakePage;
let refused: string[];

beforeEach(() => {
  electron = new FakeLockDownElectron();
  refused = [];
  lockDown({ electron, devTools: false, onRefusedLink: (message) => refused.push(message) });
  session = electron.sessions.get(WINDOW_PARTITION)!;
  page = electron.newPage();
});

describe('a page in Electron', () => {
  it('lives in a session of memory, without a cache', () => {
    expect([...electron.sessions.keys()]).toEqual([WINDOW_PARTITION]);
    expect(WINDOW_PARTITION).not.toMatch(/^persist:/);
    expect(session.options).toEqual({ cache: false });
  });

  it('can not leave, nor can a frame of it: only its own start page can be gone back to', () => {
    for (const url of [
      'https://evil.example/',
      'http://127.0.0.1:8080/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'app://other/',
      'app://halfspread/nothing.html',
      'app://halfspread.evil.example/',
    ]) {
      expect([url, page.mayNavigate(url)]).toEqual([url, false]);
    }
    expect(page.mayNavigate('app://halfspread/')).toBe(true);
    expect(page.mayNavigate('app://halfspread/', false)).toBe(false);
    expect(page.events.isLetThrough('will-redirect', { url: 'app://halfspread/', isMainFrame: true })).toBe(false);
  });

  it('opens no window, and a link of the allow-list goes to the system’s browser instead', async () => {
    expect(page.windowOpen('https://docs.paradex.trade/api')).toBe('deny');
    expect(page.windowOpen('https://evil.example/?stolen')).toBe('deny');
    expect(page.windowOpen('file:///etc/passwd')).toBe('deny');
    expect(page.windowOpen('')).toBe('deny');
    await expect.poll(() => refused).toHaveLength(3);
    expect(electron.openedExternally).toEqual(['https://docs.paradex.trade/api']);
    expect(refused[0]).toContain('evil.example');
  });

  it('opens nothing outside by main either, unless it is on the list', async () => {
    await expect(openExternally(electron, 'http://docs.paradex.trade/')).rejects.toMatchObject({
      code: 'HS_EXTERNAL_LINK',
    });
    expect(electron.openedExternally).toEqual([]);
  });

  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'hid',
    'serial',
    'usb',
    'fileSystem',
  ])('is denied the permission "%s"', (permission) =>
    expect(session.grants(permission)).toEqual([false, false, false, false]),
  );

  it('gets no Bluetooth, HID, USB or serial device', () => {
    const chosen: unknown[] = [];
    const choose = (id?: string) => chosen.push(id);
    expect(page.events.isLetThrough('select-bluetooth-device', {}, [], choose)).toBe(false);
    expect(session.events.isLetThrough('select-hid-device', {}, {}, choose)).toBe(false);
    expect(session.events.isLetThrough('select-usb-device', {}, {}, choose)).toBe(false);
    expect(session.events.isLetThrough('select-serial-port', {}, [], {}, choose)).toBe(false);
    expect(chosen).toEqual(['', undefined, undefined, '']);
  });

  it('attaches no webview', () => {
    expect(page.events.isLetThrough('will-attach-webview')).toBe(false);
  });

  it('downloads nothing', () => {
    expect(session.events.isLetThrough('will-download')).toBe(false);
  });

  it('requests nothing but the program’s own files, whatever its content policy says', () => {
    expect(session.mayRequest('app://halfspread/assets/index.js')).toBe(true);
    // Carries itself, reaches nobody.
    expect(session.mayRequest('data:image/png;base64,AA==')).toBe(true);
    for (const url of [
      'https://docs.paradex.trade/',
      'http://127.0.0.1/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'app://other/',
      'app://user@halfspread/',
      'devtools://devtools/bundled/inspector.html',
      'blob:app://halfspread/1',
      'not a url',
    ]) {
      expect([url, session.mayRequest(url)]).toEqual([url, false]);
    }
  });

  it('does not reach the network by WebRTC, and no dictionary is downloaded for it', () => {
    expect(page.webRtcPolicy).toBe('disable_non_proxied_udp');
    expect(session.isSpellChecking).toBe(false);
  });

  it('never passes a certificate error, and presents no client certificate', () => {
    const answers: unknown[] = [];
    const answer = (value?: unknown) => answers.push(value);
    expect(electron.appEvents.isLetThrough('certificate-error', {}, {}, 'https://x/', 'ERR_CERT', {}, answer)).toBe(
      false,
    );
    expect(electron.appEvents.isLetThrough('select-client-certificate', {}, {}, 'https://x/', [{}], answer)).toBe(
      false,
    );
    expect(answers).toEqual([false, undefined]);
  });

  it('is locked down also when it is created later, by whomever', () => {
    expect(electron.newPage().mayNavigate('https://evil.example/')).toBe(false);
  });
});
