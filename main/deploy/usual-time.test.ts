import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDeployJournal, type DeployRecord } from './journal.ts';
import { usualDeployTime } from './usual-time.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-usual-'));
});
afterEach(() => rm(folder, { recursive: true }));

const request = { name: 'tyo', host: 'h', port: 22, user: 'root', agentPort: 7411, fingerprints: [], adopt: false };
const started = (change: Partial<Extract<DeployRecord, { kind: 'started' }>> = {}): DeployRecord => ({
  kind: 'started',
  operation: 'deploy',
  siteId: 'a2b0c8a4-6f0f-4a51-9d55-6b0a8d1d7a11',
  request,
  release: '0.1.0-x',
  fresh: true,
  ...change,
});
const finished: DeployRecord = { kind: 'finished', outcome: 'deployed' };

async function journal(at: number, tookMs: number, records: DeployRecord[]): Promise<void> {
  let nowMs = at;
  const file = await openDeployJournal(join(folder, 'journals', `tyo.${at}.jsonl`), () => nowMs);
  for (const [index, record] of records.entries()) {
    nowMs = index === records.length - 1 ? at + tookMs : at;
    await file.append(record);
  }
  await file.close();
}

it('knows nothing before the first deploy', async () => {
  expect(await usualDeployTime(folder)).toBeUndefined();
});

it('counts first deploys that ran through in one go, the latest of them', async () => {
  await journal(1_000, 70_000, [started(), finished]);
  await journal(2_000, 110_000, [started(), finished]);
  await journal(3_000, 900_000, [started(), { kind: 'resumed', request, release: 'x' }, finished]);
  await journal(4_000, 5_000, [started({ fresh: false }), finished]);
  await journal(5_000, 6_000, [started({ operation: 'upgrade' }), finished]);
  await journal(6_000, 7_000, [started()]);
  await journal(7_000, 8_000, [started(), { kind: 'finished', outcome: 'undone' }]);
  expect(await usualDeployTime(folder)).toEqual({ n: 2, minMs: 70_000, maxMs: 110_000 });
  for (let at = 10_000; at < 18_000; at += 1_000) await journal(at, 90_000, [started(), finished]);
  expect(await usualDeployTime(folder)).toEqual({ n: 8, minMs: 90_000, maxMs: 90_000 });
});
