import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tarArchive } from './tar.ts';

it('is unpacked by the system’s tar to the same bytes, names longer than 100 bytes too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-'));
  const long = `${'a'.repeat(60)}/${'b'.repeat(80)}.node`;
  const entries = [
    { path: '.manifest', data: Buffer.from('x\n') },
    { path: 'empty', data: Buffer.alloc(0) },
    { path: long, data: Buffer.alloc(1_000, 7), executable: true },
  ];
  await writeFile(join(folder, 'a.tar'), tarArchive(entries));
  const run = spawnSync('tar', ['-xf', 'a.tar'], { cwd: folder, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  for (const { path, data } of entries) expect(await readFile(join(folder, path))).toEqual(data);
  expect((await stat(join(folder, long))).mode & 0o111).not.toBe(0);
  expect(tarArchive(entries)).toEqual(tarArchive(entries));
  await rm(folder, { recursive: true });
});
