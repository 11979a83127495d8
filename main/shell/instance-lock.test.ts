import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockInstance, type InstanceLock } from './instance-lock.ts';

let root: string;
let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hs-instance-'));
  folder = join(root, 'data');
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(root, { recursive: true });
});

/** Another process that tries to take the lock, and says "held" or "taken". */
async function contender(): Promise<{ child: ChildProcess; outcome: string }> {
  const script = join(root, 'contender.mts');
  const module = JSON.stringify(join(import.meta.dirname, 'instance-lock.ts'));
  await writeFile(
    script,
    `import { lockInstance } from ${module};
     const lock = await lockInstance(${JSON.stringify(folder)}, 'browser');
     process.send('release' in lock ? 'held' : 'taken');
     setInterval(() => lock, 1000);`,
  );
  const child = fork(script);
  children.push(child);
  const [outcome] = (await once(child, 'message')) as [string];
  return { child, outcome };
}
const isHeld = (lock: InstanceLock) => 'release' in lock;
const release = (lock: InstanceLock) => 'release' in lock && lock.release();

describe('instance lock', () => {
  it('is had by one of many that start at the same moment', async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, contender));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['held', 'taken', 'taken', 'taken']);
  });

  it('tells who holds it, and is free at once when that one is killed', async () => {
    const { child } = await contender();
    expect(await lockInstance(folder, 'electron')).toEqual({ heldBy: { pid: child.pid, shell: 'browser' } });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const lock = await lockInstance(folder, 'electron');
    expect(isHeld(lock)).toBe(true);
    release(lock);
  });

  it('leaves nothing that could be stale: the files it keeps hold nobody up', async () => {
    release(await lockInstance(folder, 'browser'));
    expect((await readdir(folder)).sort()).toEqual(['window-holder.json', 'window.lock']);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    const lock = await lockInstance(folder, 'browser');
    expect(isHeld(lock)).toBe(true);
    release(lock);
  });

  it('says what is wrong with a file it cannot lock', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'window.lock'), 'this is no database, it was put here by somebody else'.repeat(40));
    await expect(lockInstance(folder, 'browser')).rejects.toMatchObject({
      code: 'HS_INSTANCE_LOCK',
      message: expect.stringContaining('window.lock'),
    });
  });

  it.skipIf(process.getuid?.() !== 0)('refuses a folder of another user by name (needs root to make one)', async () => {
    await mkdir(folder);
    await chown(folder, 12_345, 12_345);
    await chmod(folder, 0o700);
    await expect(lockInstance(folder, 'browser')).rejects.toMatchObject({
      code: 'HS_OTHER_USER',
      message: expect.stringContaining('12345'),
    });
  });
});
