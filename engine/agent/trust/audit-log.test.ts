import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createNodeEnv } from '../../node-env.ts';
import { openAuditLog } from './audit-log.ts';

const env = createNodeEnv();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

const fail = (message: string) => {
  throw new Error(message);
};

async function linesOf(name = 'audit.jsonl'): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, name), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('appends one line per event, also over several starts, for this user alone', async () => {
  for (const detail of ['a', 'b']) {
    const log = await openAuditLog(folder, env, fail);
    log.write({ event: 'opened', detail, deviceId: 'd' });
    await log.close();
  }
  expect(await linesOf()).toMatchObject([
    { event: 'opened', detail: 'a', deviceId: 'd' },
    { event: 'opened', detail: 'b' },
  ]);
  expect((await stat(join(folder, 'audit.jsonl'))).mode & 0o777).toBe(0o600);
});

it('counts a flood of refusals and still writes everything else', async () => {
  const log = await openAuditLog(folder, env, fail);
  for (let index = 0; index < 10_000; index += 1) log.write({ event: 'refused', detail: 'no', source: '192.0.2.1' });
  log.write({ event: 'command', detail: 'start' });
  await log.close();
  const lines = await linesOf();
  expect(lines.length).toBeLessThan(30);
  expect(lines).toContainEqual(expect.objectContaining({ event: 'command', detail: 'start' }));
  expect(lines.reduce((sum, line) => sum + Number(line['event'] === 'refused' ? (line['count'] ?? 1) : 0), 0)).toBe(
    10_000,
  );
});

it('keeps a bounded number of files of a bounded size', async () => {
  const log = await openAuditLog(folder, env, fail, { maxFileBytes: 1_000, keptFiles: 3 });
  for (let index = 0; index < 200; index += 1) log.write({ event: 'opened', detail: `session ${index}` });
  await log.close();
  const names = (await readdir(folder)).sort();
  expect(names).toEqual(['audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2']);
  for (const name of names) expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(1_000);
  expect((await linesOf()).at(-1)).toMatchObject({ detail: 'session 199' });
});
