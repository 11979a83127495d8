import { HalfspreadError } from '../core/errors.ts';
import type { AppendFile, Disk, Env } from '../env.ts';
import { FIRST_CHECKSUM, decodeLine, encodeLine, type JournalEntry, type JournalRecord } from './record.ts';

/** A last line cut short by a crash: kept in a file of its own, then removed from the journal. */
export interface TornTail {
  line: number;
  bytes: number;
  keptIn: string;
  problem: string;
}

export interface OpenedJournal {
  journal: Journal;
  /** Everything that was in the file, oldest first. */
  records: JournalRecord[];
  tornTail?: TornTail;
}

/**
 * Opens `<folder>/journal.jsonl`, checks every line and returns what it holds. A torn last line (no line end) is moved to
 * a file beside it and reported; any other damage refuses with HS_JOURNAL_CORRUPT naming the line, and changes nothing.
 */
export async function openJournal(env: Env, folder: string): Promise<OpenedJournal> {
  const path = `${folder}/journal.jsonl`;
  await env.disk.makeDirectory(folder);
  const text = (await env.disk.sizeOf(path)) === undefined ? '' : await env.disk.readText(path);
  const read = readAll(text, path);
  let tornTail: TornTail | undefined;
  if (read.tail) {
    const keptIn = `${path}.torn-${Math.floor(env.clock.wallMs())}`;
    await env.disk.writeAtomically(keptIn, read.tail.text);
    const wholeBytes = utf8Length(text) - utf8Length(read.tail.text);
    await env.disk.truncate(path, wholeBytes);
    tornTail = { line: read.records.length + 1, bytes: utf8Length(read.tail.text), keptIn, problem: read.tail.problem };
  }
  const file = await env.disk.openAppend(path);
  return { journal: new Journal(env, file, read.records.length, read.checksum), records: read.records, tornTail };
}

/** All whole records of a journal that may be in use: nothing is changed, a torn last line is passed over. */
export async function readRecords(disk: Disk, folder: string): Promise<JournalRecord[]> {
  const path = `${folder}/journal.jsonl`;
  return (await disk.sizeOf(path)) === undefined ? [] : readAll(await disk.readText(path), path).records;
}

/** The append side. `append` returns at once; `durable` resolves when everything appended before it is on disk. */
export class Journal {
  private readonly env: Env;
  private readonly file: AppendFile;
  private sequence: number;
  private checksum: number;

  constructor(env: Env, file: AppendFile, sequence: number, checksum: number) {
    this.env = env;
    this.file = file;
    this.sequence = sequence;
    this.checksum = checksum;
  }

  /** Appends one entry and returns its sequence number. */
  append(entry: JournalEntry): number {
    this.sequence++;
    const at = Math.round(this.env.clock.wallMs() * 1000) / 1000;
    const { line, checksum } = encodeLine({ sequence: this.sequence, at, entry }, this.checksum);
    this.checksum = checksum;
    this.file.append(line);
    return this.sequence;
  }

  durable(): Promise<void> {
    return this.file.sync();
  }

  async close(): Promise<void> {
    await this.file.sync();
    await this.file.close();
  }
}

interface ReadResult {
  records: JournalRecord[];
  checksum: number;
  tail?: { text: string; problem: string };
}

function readAll(text: string, path: string): ReadResult {
  const records: JournalRecord[] = [];
  let checksum = FIRST_CHECKSUM;
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    if (end < 0)
      return {
        records,
        checksum,
        tail: { text: text.slice(start), problem: 'the last line has no end: the write was cut short' },
      };
    const decoded = decodeLine(text.slice(start, end), records.length + 1, checksum);
    if ('problem' in decoded) {
      throw new HalfspreadError(
        'HS_JOURNAL_CORRUPT',
        `${path}:${records.length + 1}: this line ${decoded.problem}, though it was written to its end. The journal is not what was written; trading on it could repeat or forget an order.`,
        `Nothing was changed. Restore the file from a copy, or move it away (mv ${path} ${path}.damaged) to begin a new history.`,
      );
    }
    records.push(decoded.record);
    checksum = decoded.checksum;
    start = end + 1;
  }
  return { records, checksum };
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
