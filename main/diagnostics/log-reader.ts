import { open } from 'node:fs/promises';
import { logLineSchema, LOG_LEVELS, type LogLevel, type LogLine } from './log.ts';

export interface LogQuery {
  /** Only records of this level and above. */
  least: LogLevel;
  /** Only records whose text has all of these words, in any case. */
  contains: string;
  /** At most so many, the newest. */
  limit: number;
}

/** How far back a log is read: a tail for people, not an archive. */
const TAIL_BYTES = 512 * 1024;

/** The last whole lines of a file, oldest first; an absent file has none. */
export async function tailOf(path: string, maxBytes = TAIL_BYTES): Promise<string[]> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    // The first one begins somewhere in its middle.
    if (from > 0) lines.shift();
    return lines.filter((line) => line !== '');
  } finally {
    await file.close();
  }
}

/** Records of a log that fit the query, oldest first, and whether older ones that fit were left out. */
export async function readLog(path: string, query: LogQuery): Promise<{ lines: LogLine[]; isCut: boolean }> {
  const words = query.contains.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (line: LogLine): boolean => {
    if (LOG_LEVELS.indexOf(line.level) < LOG_LEVELS.indexOf(query.least)) return false;
    const text = `${line.message} ${line.detail === undefined ? '' : JSON.stringify(line.detail)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = (await tailOf(path)).map(recordOf).filter(fits);
  return { lines: found.slice(-query.limit), isCut: found.length > query.limit };
}

function recordOf(line: string): LogLine {
  try {
    return logLineSchema.parse(JSON.parse(line));
  } catch {
    // Cut by a crash, or of an older version.
    return { at: '', level: 'info', message: line, detail: undefined };
  }
}
