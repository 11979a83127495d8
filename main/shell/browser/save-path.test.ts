import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chooseSavePath } from './save-path.ts';

let home: string;
const choose = (environment = {}) =>
  chooseSavePath({ environment, homeFolder: home, dataFolder: join(home, 'data') }, 'bundle.zip');

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hs-save-'));
});
afterEach(() => rm(home, { recursive: true }));

it('is the download folder, under its own name where the desktop has one', async () => {
  await mkdir(join(home, 'Downloads'));
  expect(await choose()).toBe(join(home, 'Downloads', 'bundle.zip'));
  await mkdir(join(home, 'T\u00e9l\u00e9chargements'));
  await mkdir(join(home, '.config'));
  await writeFile(
    join(home, '.config', 'user-dirs.dirs'),
    'XDG_DESKTOP_DIR="$HOME/x"\nXDG_DOWNLOAD_DIR="$HOME/T\u00e9l\u00e9chargements"\n',
  );
  expect(await choose()).toBe(join(home, 'T\u00e9l\u00e9chargements', 'bundle.zip'));
});

it('is the data folder where there is no such folder, and where everything is kept in one', async () => {
  expect(await choose()).toBe(join(home, 'data', 'exports', 'bundle.zip'));
  await mkdir(join(home, 'Downloads'));
  expect(await choose({ HALFSPREAD_HOME: home })).toBe(join(home, 'data', 'exports', 'bundle.zip'));
});

it('never takes a name that is taken', async () => {
  await mkdir(join(home, 'Downloads'));
  for (const name of ['bundle.zip', 'bundle (2).zip']) await writeFile(join(home, 'Downloads', name), '');
  expect(await choose()).toBe(join(home, 'Downloads', 'bundle (3).zip'));
});
