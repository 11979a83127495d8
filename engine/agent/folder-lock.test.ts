import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDataFolder } from './folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('gives a folder to one holder at a time', async () => {
  const lock = await lockDataFolder(folder);
  await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'HS_DATA_IN_USE' });
  await lock.release();
  await (await lockDataFolder(folder)).release();
});

it('holds a folder whose path is too long for a socket', async () => {
  const deep = join(folder, 'd'.repeat(120));
  const lock = await lockDataFolder(deep);
  await expect(lockDataFolder(deep)).rejects.toMatchObject({ code: 'HS_DATA_IN_USE' });
  await lock.release();
});

it('knows that its lock was removed, and that another took its place', async () => {
  const lock = await lockDataFolder(folder);
  expect(await lock.isHeld()).toBe(true);
  await rm(join(folder, 'engine.lock'));
  expect(await lock.isHeld()).toBe(false);
  const other = await lockDataFolder(folder);
  expect(await lock.isHeld()).toBe(false);
  await other.release();
  await lock.release();
});

it('is free again when its holder was killed', async () => {
  const script = join(folder, 'holder.ts');
  const lock = fileURLToPath(new URL('./folder-lock.ts', import.meta.url));
  await writeFile(
    script,
    `import { lockDataFolder } from ${JSON.stringify(lock)};
     await lockDataFolder(${JSON.stringify(folder)});
     setInterval(() => undefined, 1_000);
     process.send('locked');`,
  );
  const holder = fork(script);
  await once(holder, 'message');
  await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'HS_DATA_IN_USE' });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (await lockDataFolder(folder)).release();
});

it('names the path when the folder is a file', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(lockDataFolder(file)).rejects.toMatchObject({ code: 'HS_DISK' });
});
