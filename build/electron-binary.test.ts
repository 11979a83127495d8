import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronBinary, electronForTests, electronObstacle, probeElectron } from './electron-binary.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hs-electron-'));
});
afterEach(() => {
  delete process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  rmSync(folder, { recursive: true });
});

/** A program in Electron's place. */
function fakeElectron(body: string): string {
  const path = join(folder, 'electron');
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

describe('choice of the shell', () => {
  const desktop = { platform: 'linux', environment: { DISPLAY: ':0' }, userId: 1000 };

  it('has nothing against a user with a display', () => {
    expect(electronObstacle(desktop)).toBeUndefined();
    expect(electronObstacle({ ...desktop, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeUndefined();
    expect(electronObstacle({ platform: 'darwin', environment: {}, userId: 501 })).toBeUndefined();
  });

  it('does not try Electron as root or without a display, and says what would change that', () => {
    expect(electronObstacle({ ...desktop, userId: 0 })).toMatchObject({ code: 'HS_SHELL_ROOT' });
    const noDisplay = electronObstacle({ ...desktop, environment: {} });
    expect(noDisplay).toMatchObject({ code: 'HS_SHELL_NO_DISPLAY' });
    expect(noDisplay?.remedy).toContain('desktop session');
  });

  it('takes an Electron that was unpacked elsewhere', async () => {
    const path = fakeElectron('exit 0');
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] = folder;
    expect(await electronBinary()).toEqual({ path });
  });

  it('tests inside Electron only where its program is, starts and has a display; else it says what is missing', () => {
    const desktop = { environment: { DISPLAY: ':0' }, userId: 1000 };
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] = folder;
    expect(electronForTests(desktop)).toMatchObject({
      reason: { code: 'HS_SHELL_NO_BINARY', remedy: expect.stringContaining('npm run test:electron') },
    });
    const path = fakeElectron('exit 0');
    expect(electronForTests(desktop)).toEqual({ path, wrapper: [] });
    expect(electronForTests({ ...desktop, userId: 0 })).toMatchObject({ reason: { code: 'HS_SHELL_ROOT' } });
    fakeElectron('echo "libnss3.so: cannot open" >&2; exit 127');
    expect(electronForTests(desktop)).toMatchObject({ reason: { code: 'HS_SHELL_PROBE' } });
  });

  it('takes Electron only if a trial start ends well, and never switches the sandbox off', () => {
    const asked = join(folder, 'asked');
    expect(probeElectron(fakeElectron(`echo "$@" > '${asked}'; exit 0`))).toBeUndefined();
    expect(probeElectron(fakeElectron('echo "libgtk-3.so.0: cannot open" >&2; exit 127'))).toMatchObject({
      code: 'HS_SHELL_PROBE',
      message: expect.stringContaining('libgtk-3.so.0: cannot open'),
    });
    expect(probeElectron(fakeElectron('case "$*" in *--no-sandbox*) exit 0;; *) exit 9;; esac'))).toBeDefined();
  });

  it('waits for a trial start no longer than its limit', () => {
    const startedAtMs = performance.now();
    expect(probeElectron(fakeElectron('exec sleep 30'), [], 500)).toMatchObject({
      message: expect.stringContaining('no answer within 0.5 s'),
    });
    expect(performance.now() - startedAtMs).toBeLessThan(25_000);
  });
});
