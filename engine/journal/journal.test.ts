import { describe, expect, it } from 'vitest';
import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import { openJournal } from './journal.ts';
import { createMemoryDisk } from './memory-disk.test-helper.ts';
import { createOrderIds } from './order-ids.ts';

const PATH = '/data/journal.jsonl';

function envWith(disk: ReturnType<typeof createMemoryDisk>, wallMs = 1_795_000_000_000): Env {
  const refuse = (): never => {
    throw new Error('not used here');
  };
  return {
    clock: { monotonicMs: () => 0, wallMs: () => wallMs },
    timers: { after: refuse, every: refuse },
    random: { next: refuse, bytes: refuse },
    disk,
    network: { openSocket: refuse, request: refuse, warm: refuse, httpReports: refuse },
  };
}

async function written(count: number): Promise<ReturnType<typeof createMemoryDisk>> {
  const disk = createMemoryDisk();
  const { journal } = await openJournal(envWith(disk), '/data');
  for (let i = 0; i < count; i++) journal.append({ kind: 'idBlock', from: i, to: i });
  await journal.close();
  return disk;
}

describe('journal', () => {
  it('gives back what was written, and goes on counting after a restart', async () => {
    const disk = await written(3);
    const second = await openJournal(envWith(disk), '/data');
    expect(second.records.map((r) => [r.sequence, r.entry])).toEqual([
      [1, { kind: 'idBlock', from: 0, to: 0 }],
      [2, { kind: 'idBlock', from: 1, to: 1 }],
      [3, { kind: 'idBlock', from: 2, to: 2 }],
    ]);
    expect(second.journal.append({ kind: 'stopped', reason: 'test' })).toBe(4);
    expect((await openJournal(envWith(disk), '/data')).records).toHaveLength(4);
  });

  it('keeps every whole record and sets the torn tail aside, at every length the last line can be cut to', async () => {
    const whole = (await written(3)).files.get(PATH)!;
    const lastStart = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let length = lastStart + 1; length < whole.length; length++) {
      const disk = createMemoryDisk(new Map([[PATH, whole.slice(0, length)]]));
      const { records, tornTail, journal } = await openJournal(envWith(disk), '/data');
      expect(records).toHaveLength(2);
      expect(tornTail).toMatchObject({ line: 3, bytes: length - lastStart });
      expect(disk.files.get(tornTail!.keptIn)).toBe(whole.slice(lastStart, length));
      journal.append({ kind: 'stopped', reason: 'after repair' });
      expect((await openJournal(envWith(disk), '/data')).records).toHaveLength(3);
    }
  });

  it('refuses any flipped byte before the last line, names the line and changes nothing', async () => {
    const whole = (await written(3)).files.get(PATH)!;
    const lastStart = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let at = 0; at < lastStart; at++) {
      const damaged = whole.slice(0, at) + String.fromCharCode(whole.charCodeAt(at) ^ 1) + whole.slice(at + 1);
      const disk = createMemoryDisk(new Map([[PATH, damaged]]));
      const error: unknown = await openJournal(envWith(disk), '/data').catch((thrown: unknown) => thrown);
      expect(error, `byte ${at}`).toBeInstanceOf(HalfspreadError);
      expect((error as HalfspreadError).code).toBe('HS_JOURNAL_CORRUPT');
      expect((error as HalfspreadError).message).toMatch(/journal\.jsonl:[12]:/);
      expect([...disk.files]).toEqual([[PATH, damaged]]);
    }
  });

  it('notices a line that was removed', async () => {
    const lines = (await written(3)).files.get(PATH)!.split('\n');
    const disk = createMemoryDisk(new Map([[PATH, [lines[0], lines[2], lines[2], ''].join('\n')]]));
    await expect(openJournal(envWith(disk), '/data')).rejects.toMatchObject({ code: 'HS_JOURNAL_CORRUPT' });
  });
});

describe('order ids', () => {
  it('are reserved on disk before they are handed out, and never repeat after a restart with the clock set back', async () => {
    const disk = createMemoryDisk();
    const first = await openJournal(envWith(disk), '/data');
    const ids = await createOrderIds(envWith(disk), first.journal, first.records);
    const used = [ids.next(), ids.next()];
    expect(disk.files.get(PATH)).toContain('idBlock');
    const second = await openJournal(envWith(disk, 1_000), '/data');
    const later = await createOrderIds(envWith(disk, 1_000), second.journal, second.records);
    expect(later.next()).toBeGreaterThan(Math.max(...used));
  });

  it('stop rather than run past the reserved block while the disk hangs', async () => {
    const disk = createMemoryDisk();
    const { journal, records } = await openJournal(envWith(disk), '/data');
    const ids = await createOrderIds(envWith(disk), journal, records);
    journal.durable = () => new Promise(() => undefined);
    const take = (): void => {
      for (let i = 0; i < 10_001; i++) ids.next();
    };
    expect(take).toThrow(expect.objectContaining({ code: 'HS_ORDER_IDS_EXHAUSTED' }));
  });
});
