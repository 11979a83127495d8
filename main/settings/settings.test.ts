import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettings } from './settings.ts';

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-settings-'));
  path = join(folder, 'config', 'settings.json');
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

describe('settings', () => {
  it('start empty, are written at once and read again', async () => {
    const first = await openSettings(path, now);
    expect(first.get()).toEqual({ version: 1 });
    await first.set({ language: 'fr' });
    await Promise.all([first.set({ theme: 'dark' }), first.set({ theme: 'light' })]);
    expect((await openSettings(path, now)).get()).toEqual({ version: 1, language: 'fr', theme: 'light' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no JSON', '{"version":1,'],
    ['an unknown key', '{"version":1,"langauge":"fr"}'],
    ['a wrong value', '{"version":1,"theme":"blue"}'],
  ])('keep a file with %s aside under a new name, and say which', async (_what, text) => {
    const store = await openSettings(path, now).then((empty) => empty.set({}).then(() => empty));
    await writeFile(path, text);
    const again = await openSettings(path, now);
    const kept = `${path}.unreadable-2026-01-02T03-04-05.000Z`;
    expect(again.setAside?.message).toContain(kept);
    expect(again.get()).toEqual({ version: 1 });
    expect(await readFile(kept, 'utf8')).toBe(text);
    await again.set({ theme: 'dark' });
    expect((await readdir(join(folder, 'config'))).length).toBe(2);
    expect(store.setAside).toBeUndefined();
  });

  it('say the path when they cannot be written', async () => {
    const store = await openSettings(join(folder, 'file', 'settings.json'), now);
    await writeFile(join(folder, 'file'), '');
    await expect(store.set({ theme: 'dark' })).rejects.toMatchObject({
      code: 'HS_SETTINGS_WRITE',
      message: expect.stringContaining(join(folder, 'file', 'settings.json')),
    });
  });
});
