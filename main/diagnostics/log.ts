import { z } from 'zod';
import type { Redactor } from './redact.ts';
import { openRotatingFile, type RotatingFile } from './rotating-file.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogRecord {
  level: LogLevel;
  message: string;
  detail?: unknown;
}

/** One line of a log file, as the diagnostics read it back. */
export const logLineSchema = z.object({
  at: z.string(),
  level: z.enum(LOG_LEVELS),
  message: z.string(),
  detail: z.unknown().optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

export interface Log {
  write(record: LogRecord): void;
  close(): void;
}

export interface LogOptions {
  path: string;
  redactor: Redactor;
  /** Records below it are not written. */
  least?: LogLevel;
  maxBytes?: number;
  keep?: number;
}

/** 4 files of 4 MB for each of three logs: a crash loop cannot fill the disk. */
const MAX_BYTES = 4 * 1024 * 1024;
const KEPT_FILES = 3;
/** What a single line may take; a snapshot in an error's text must not push everything else out. */
const MAX_LINE_CHARS = 16 * 1024;

/** JSON lines, redacted, appended. A log that cannot be written never stops the program. */
export function openLog(options: LogOptions): Log {
  const { redactor, least = 'info' } = options;
  const file = openRotatingFile({
    path: options.path,
    maxBytes: options.maxBytes ?? MAX_BYTES,
    keep: options.keep ?? KEPT_FILES,
    onProblem: (message) => void process.stderr.write(`${redactor.text(message)}\n`),
  });
  return {
    write(record) {
      if (LOG_LEVELS.indexOf(record.level) < LOG_LEVELS.indexOf(least)) return;
      writeLine(file, redactor, record);
    },
    close: () => file.close(),
  };
}

function writeLine(file: RotatingFile, redactor: Redactor, { level, message, detail }: LogRecord): void {
  const at = new Date().toISOString();
  // Redacted before it is cut: half a key is no longer recognised.
  const text = redactor.text(message);
  const line = JSON.stringify({ at, level, message: text.slice(0, MAX_LINE_CHARS), detail: redactor.value(detail) });
  if (line.length <= MAX_LINE_CHARS) return file.write(line);
  file.write(JSON.stringify({ at, level, message: text.slice(0, MAX_LINE_CHARS / 2), detail: 'left out: too long' }));
}

/** `HALFSPREAD_LOG=debug` says more; a word that is no level changes nothing. */
export function logLevelOf(environment: Record<string, string | undefined>): LogLevel {
  return LOG_LEVELS.find((level) => level === environment['HALFSPREAD_LOG']) ?? 'info';
}
