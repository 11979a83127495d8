import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockInstance } from '../instance-lock.ts';
import { lockOrJoin } from './second-start.ts';
import { writeWindowFile } from './window-file.ts';
import { createFakeHandlers } from '../../ipc/fake-handlers.test-helper.ts';
import { createIpcServer } from '../../ipc/server.ts';
import { startWindowServer, type WindowServer } from './window-server.ts';

let folder: string;
let server: WindowServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-second-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true });
});

async function serveWindow(): Promise<void> {
  server = await startWindowServer(join(folder, 'none'), createIpcServer(createFakeHandlers()), {
    pending: () => ({}),
    hand: () => ({}),
  });
  await writeWindowFile(folder, {
    kind: 'window',
    pid: process.pid,
    startedAt: 1,
    version: '0',
    origin: server.origin,
    secret: server.linkSecret,
  });
}

it('waits for the link of one that started a moment before and does not serve its window yet', async () => {
  const first = await lockOrJoin(folder, () => undefined);
  const second = lockOrJoin(folder, () => undefined);
  await serveWindow();
  expect(await second).toMatchObject({ link: expect.stringContaining('/open/'), pid: process.pid });
  if ('release' in first) first.release();
});

it('takes over from one that ends', async () => {
  const first = await lockInstance(folder, 'browser');
  const second = lockOrJoin(folder, () => undefined);
  setTimeout(() => 'release' in first && first.release(), 50);
  const outcome = await second;
  expect('release' in outcome).toBe(true);
  if ('release' in outcome) outcome.release();
});

it('names the desktop window that has the folder', async () => {
  const first = await lockInstance(folder, 'electron');
  await expect(lockOrJoin(folder, () => undefined)).rejects.toMatchObject({
    code: 'HS_ALREADY_RUNNING',
    message: expect.stringMatching(new RegExp(`process ${process.pid}.*desktop window`)),
  });
  if ('release' in first) first.release();
});
