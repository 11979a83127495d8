import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checksumsOf } from './checksums.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hs-sums-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = () => spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });

const hasSha256sum = spawnSync('sha256sum', ['--version']).error === undefined;

it.skipIf(!hasSha256sum)(
  'the sums are what sha256sum checks, of released files only, and a changed byte is found',
  async () => {
    for (const name of ['halfspread-0.1.0-linux-x64.AppImage', 'halfspread-0.1.0.cdx.json', 'latest-linux.yml']) {
      writeFileSync(join(folder, name), `content of ${name}`);
    }
    writeFileSync(join(folder, 'builder-debug.yml'), '');
    mkdirSync(join(folder, 'linux-unpacked.zip'));
    writeFileSync(join(folder, 'SHA256SUMS'), await checksumsOf(folder));
    expect(check().stdout).toBe(
      'halfspread-0.1.0-linux-x64.AppImage: OK\nhalfspread-0.1.0.cdx.json: OK\nlatest-linux.yml: OK\n',
    );
    writeFileSync(join(folder, 'latest-linux.yml'), 'another');
    expect(check().status).toBe(1);
  },
);

it('there are none where nothing was released', async () => {
  expect(await checksumsOf(folder)).toBe('');
});
