import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createNodeEnv } from '../node-env.ts';
import { uuidV7 } from '../protocol/uuid-v7.ts';
import { openCommandLog } from './command-log.ts';

const env = createNodeEnv();
const idAt = (ms: number) => uuidV7(ms, env.random.bytes(10));
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-commands-'));
  path = join(folder, 'commands.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

it('knows the ids of the start before, and is on disk before a command takes effect', async () => {
  const log = await openCommandLog(path, env);
  const id = idAt(1_700_000_000_000);
  expect(log.has(id)).toBe(false);
  await log.add(id);
  expect(await readFile(path, 'utf8')).toContain(id);
  await log.close();
  const next = await openCommandLog(path, env);
  expect(next.has(id)).toBe(true);
  // A clock that was set back does not matter: another id of an earlier time is as good as any.
  expect(next.has(idAt(1_600_000_000_000))).toBe(false);
  await next.close();
});

it('takes a line cut short as never written, and refuses any other damage by its line', async () => {
  const log = await openCommandLog(path, env);
  const id = idAt(1_700_000_000_000);
  await log.add(id);
  await log.close();
  await appendFile(path, `{"id":"${idAt(1_700_000_000_001)}","at`);
  const next = await openCommandLog(path, env);
  expect(next.has(id)).toBe(true);
  await next.close();
  expect((await readFile(path, 'utf8')).endsWith('\n')).toBe(true);
  await appendFile(path, 'nonsense\n');
  await expect(openCommandLog(path, env)).rejects.toMatchObject({
    code: 'HS_STATE_FILE',
    message: expect.stringContaining(`${path}, line 3,`) as string,
  });
});

it('stays bounded, and refuses ids older than those it forgot', async () => {
  const lines = Array.from({ length: 20_001 }, (_none, index) =>
    JSON.stringify({ id: idAt(1_700_000_000_000 + index), at: index }),
  );
  await writeFile(path, `${lines.join('\n')}\n`);
  const log = await openCommandLog(path, env);
  expect((await readFile(path, 'utf8')).split('\n').length).toBeLessThan(10_010);
  expect(log.has(idAt(1_700_000_000_005))).toBe(true);
  expect(log.has(idAt(1_700_000_050_000))).toBe(false);
  await log.close();
});
