import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDeployJournal, readDeployJournal, type DeployRecord } from './journal.ts';

const records: DeployRecord[] = [
  { kind: 'begin', step: 'login' },
  { kind: 'end', step: 'login', outcome: 'unchanged', detail: 'root’s shell' },
  { kind: 'begin', step: 'preflight' },
];
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-'));
  path = join(folder, 'site.1.jsonl');
  const journal = await openDeployJournal(path, () => 1);
  for (const record of records) await journal.append(record);
  await journal.close();
});
afterEach(() => rm(folder, { recursive: true }));

it('gives back what was written and goes on', async () => {
  const journal = await openDeployJournal(path, () => 2);
  expect(journal.records).toEqual(records);
  await journal.append({ kind: 'finished', outcome: 'undone' });
  await journal.close();
  expect((await readDeployJournal(path)).records).toEqual([...records, { kind: 'finished', outcome: 'undone' }]);
});

it('keeps every whole line when the last one was cut short, at every length', async () => {
  const whole = await readFile(path);
  const lastStart = whole.lastIndexOf('\n', whole.length - 2) + 1;
  for (let length = lastStart; length < whole.length; length++) {
    await writeFile(path, whole.subarray(0, length));
    const journal = await openDeployJournal(path, () => length);
    expect(journal.records).toEqual(records.slice(0, 2));
    await journal.close();
  }
  expect((await readdir(folder)).filter((name) => name.includes('torn'))).toHaveLength(whole.length - lastStart - 1);
});

it('refuses any flipped byte before the last line and names the line', async () => {
  const whole = await readFile(path);
  const lastStart = whole.lastIndexOf('\n', whole.length - 2) + 1;
  for (let at = 0; at < lastStart - 1; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = damaged[at]! ^ 1;
    await writeFile(path, damaged);
    await expect(readDeployJournal(path), `byte ${at}`).rejects.toMatchObject({ code: 'HS_DEPLOY_JOURNAL' });
  }
});

it('notices a line that was taken out', async () => {
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [lines[0], lines[2], ''].join('\n'));
  await expect(readDeployJournal(path)).rejects.toMatchObject({ message: expect.stringContaining(':2)') as string });
});
