import { expect, test } from 'vitest';
import { MemoryDisk } from './memory-disk.ts';

test('files are appended to, cut in bytes and replaced; sizes are bytes', async () => {
  const disk = new MemoryDisk();
  await disk.makeDirectory('/data/journal');
  const file = await disk.openAppend('/data/journal/a.jsonl');
  file.append('één\n');
  file.append('deux\n');
  await file.sync();
  expect(await disk.sizeOf('/data/journal/a.jsonl')).toBe(11);
  await disk.truncate('/data/journal/a.jsonl', 6);
  expect(await disk.readText('/data/journal/a.jsonl')).toBe('één\n');
  await disk.writeAtomically('/data/b.json', '{}');
  expect(await disk.list('/data')).toEqual(['b.json', 'journal']);
  expect(await disk.sizeOf('/data/none')).toBeUndefined();
});

test('errors name the path', async () => {
  const disk = new MemoryDisk();
  await expect(disk.readText('/none')).rejects.toThrow('/none');
  await expect(disk.openAppend('/missing/a')).rejects.toThrow('/missing/a');
  await expect(disk.list('/missing')).rejects.toThrow('/missing');
});
