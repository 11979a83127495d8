import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectronDist } from './electron-dist.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hs-dist-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const find = (given?: string, platform = 'linux') => findElectronDist({ root, platform, given, version: '45.4.1' });

function put(folder: string, files: Record<string, string>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('the Electron a package is made of', () => {
  it('is the given one, else the installed one', () => {
    const given = put(join(root, 'given'), { electron: '', version: 'v45.4.1\n' });
    const installed = put(join(root, 'node_modules/electron/dist'), { electron: '' });
    expect(find(given)).toEqual({ folder: given });
    expect(find()).toEqual({ folder: installed });
  });

  it('that is not there: why, and what to do', () => {
    expect(find()).toMatchObject({
      code: 'HS_PACK_NO_ELECTRON',
      remedy: expect.stringContaining('electron-v45.4.1-linux-'),
    });
    const given = put(join(root, 'given'), { 'electron.exe': '' });
    expect(find(given)).toMatchObject({ code: 'HS_PACK_NO_ELECTRON', message: expect.stringContaining('for linux') });
    expect(find(given, 'win32')).toEqual({ folder: given });
  });

  it('of another version is refused', () => {
    const given = put(join(root, 'given'), { electron: '', version: '44.0.0' });
    expect(find(given)).toMatchObject({ code: 'HS_PACK_WRONG_ELECTRON', message: expect.stringContaining('44.0.0') });
  });
});
