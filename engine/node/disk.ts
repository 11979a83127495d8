import { open, mkdir, readFile, readdir, rename, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AppendFile, Disk } from '../env.ts';
import { HalfspreadError, errorMessage } from '../core/errors.ts';

/** Real files. Every failure becomes HS_DISK with the path in its message. */
export const nodeDisk: Disk = {
  readText: (path) => named(path, 'read', () => readFile(path, 'utf8')),
  async sizeOf(path) {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw diskError(path, 'look at', error);
    }
  },
  openAppend: (path) => named(path, 'open', () => openAppend(path)),
  writeAtomically: (path, text) => named(path, 'write', () => writeAtomically(path, text)),
  truncate: (path, length) => named(path, 'cut', () => truncate(path, length)),
  makeDirectory: (path) =>
    named(path, 'create', () => mkdir(path, { recursive: true, mode: 0o700 }).then(() => undefined)),
  list: (path) => named(path, 'list', () => readdir(path)),
};

async function openAppend(path: string): Promise<AppendFile> {
  const file = await open(path, 'a', 0o600);
  let pending = '';
  let writing: Promise<void> | undefined;
  let failure: unknown;

  async function drain(): Promise<void> {
    while (pending !== '') {
      const batch = pending;
      pending = '';
      await file.appendFile(batch);
    }
  }
  function startWriting(): void {
    // Lines of one turn go out in one write, so that a killed process leaves all of them or none.
    writing ??= Promise.resolve()
      .then(drain)
      .then(
        () => {
          writing = undefined;
        },
        (error: unknown) => {
          writing = undefined;
          failure = error;
        },
      );
  }
  async function flush(): Promise<void> {
    while (writing || pending !== '') {
      startWriting();
      await writing;
      if (failure !== undefined) throw diskError(path, 'append to', failure);
    }
  }
  return {
    append(data) {
      pending += data;
      startWriting();
    },
    async sync() {
      await flush();
      if (failure !== undefined) throw diskError(path, 'append to', failure);
      await named(path, 'sync', () => file.datasync());
    },
    async close() {
      await flush();
      await file.close();
    },
  };
}

async function writeAtomically(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function named<T>(path: string, verb: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof HalfspreadError ? error : diskError(path, verb, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function diskError(path: string, verb: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_DISK',
    `Could not ${verb} ${path}: ${errorMessage(cause)}.`,
    'Check that the folder exists, belongs to you and has space left; --data names another folder.',
    { cause },
  );
}
