import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '../../engine/protocol/errors.ts';

export interface RotatingFileOptions {
  path: string;
  /** A line that would pass this begins a new file. */
  maxBytes: number;
  /** Files kept beside the current one: `<path>.1` is the newest of them. */
  keep: number;
  /** Told once; the program goes on without this file. */
  onProblem(message: string): void;
}

/** Lines in a file of bounded size (0600). Written at once: a crash loses none. It never throws. */
export interface RotatingFile {
  write(line: string): void;
  close(): void;
}

export function openRotatingFile({ path, maxBytes, keep, onProblem }: RotatingFileOptions): RotatingFile {
  let descriptor: number | undefined;
  let size = 0;
  let isBroken = false;

  function attempt(work: () => void): void {
    if (isBroken) return;
    try {
      work();
    } catch (error) {
      isBroken = true;
      onProblem(`The log ${path} cannot be written: ${errorMessage(error)}`);
    }
  }

  function open(): number {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const opened = openSync(path, 'a', 0o600);
    // One left by an older version, or made by hand, may be open to others.
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    size = fstatSync(opened).size;
    return opened;
  }

  function rotate(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
    rmSync(`${path}.${keep}`, { force: true });
    for (let at = keep - 1; at >= 1; at--) renameIfThere(`${path}.${at}`, `${path}.${at + 1}`);
    if (keep > 0) renameIfThere(path, `${path}.1`);
    else rmSync(path, { force: true });
  }

  attempt(() => (descriptor = open()));
  return {
    write(line) {
      attempt(() => {
        const bytes = Buffer.from(`${line}\n`);
        if (size > 0 && size + bytes.length > maxBytes) rotate();
        descriptor ??= open();
        writeSync(descriptor, bytes);
        size += bytes.length;
      });
    },
    close() {
      if (descriptor !== undefined) attempt(() => descriptor !== undefined && closeSync(descriptor));
      descriptor = undefined;
      isBroken = true;
    },
  };
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
