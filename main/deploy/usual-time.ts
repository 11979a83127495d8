import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Operation } from '../ipc/site-schema.ts';
import { readDeployJournal } from './journal.ts';

/** Older ones were of other lines and versions. */
const LATEST = 8;

/**
 * How long first deploys of this machine took, from their journals; only those that ran through in one go count.
 * @param folder data/deploy
 */
export async function usualDeployTime(folder: string): Promise<Operation['usual']> {
  const journals = join(folder, 'journals');
  const names = await readdir(journals).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const took: number[] = [];
  // Names carry the moment they began at.
  for (const name of names
    .filter((each) => each.endsWith('.jsonl'))
    .sort(byTime)
    .reverse()) {
    if (took.length === LATEST) break;
    const ms = await durationOf(join(journals, name));
    if (ms !== undefined) took.push(ms);
  }
  return took.length === 0 ? undefined : { n: took.length, minMs: Math.min(...took), maxMs: Math.max(...took) };
}

/** A journal that cannot be read says nothing here; using it says why. */
async function durationOf(path: string): Promise<number | undefined> {
  const read = await readDeployJournal(path).catch(() => undefined);
  const first = read?.records[0];
  const last = read?.records.at(-1);
  if (!read || first?.kind !== 'started' || first.operation !== 'deploy' || !first.fresh) return undefined;
  if (last?.kind !== 'finished' || last.outcome !== 'deployed') return undefined;
  if (read.records.some(({ kind }) => kind === 'resumed' || kind === 'stopped' || kind === 'failed')) return undefined;
  return read.endedAt - read.startedAt;
}

function byTime(a: string, b: string): number {
  return timeOf(a) - timeOf(b);
}

function timeOf(name: string): number {
  return Number(/\.(\d+)\.jsonl$/.exec(name)?.[1] ?? 0);
}
