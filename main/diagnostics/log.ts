import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface LogRecord {
  level: 'info' | 'warn' | 'error';
  message: string;
  detail?: unknown;
}

export interface Log {
  write(record: LogRecord): void;
  close(): Promise<void>;
}

/** Beyond this size a log is moved to `<name>.1` at the next start: two files at most. */
const ROTATE_ABOVE_BYTES = 5 * 1024 * 1024;
/** One run writes no more than this; an endless crash loop must not fill the disk. */
const MAX_RUN_BYTES = 20 * 1024 * 1024;

/** JSON lines, appended. A log that cannot be written never stops the program. */
export async function openLog(path: string): Promise<Log> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const size = await stat(path).then(
    (state) => state.size,
    () => 0,
  );
  if (size > ROTATE_ABOVE_BYTES) await rename(path, `${path}.1`);
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  let writable = true;
  let writtenBytes = 0;
  stream.on('error', (error) => {
    writable = false;
    process.stderr.write(`The log ${path} cannot be written: ${error.message}\n`);
  });
  return {
    write(record) {
      if (!writable || writtenBytes > MAX_RUN_BYTES) return;
      const line = `${JSON.stringify({ at: new Date().toISOString(), ...record })}\n`;
      writtenBytes += line.length;
      stream.write(line);
    },
    close: () =>
      new Promise((resolve) => {
        if (writable) stream.end(resolve);
        else resolve();
      }),
  };
}
