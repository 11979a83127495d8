import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HalfspreadError } from '../core/errors.ts';
import { nodeDisk } from '../node/disk.ts';
import { MAX_PIPE_PATH_BYTES, listenOnPipe, removeDeadSocket } from './pipe.ts';

export interface FolderLock {
  release(): Promise<void>;
  /** False when somebody removed it: then another engine may have taken the folder. */
  isHeld(): Promise<boolean>;
}

/**
 * Holds a data folder for this process: two engines would write the same journal. A socket and not a file with a process
 * number, because it ends with its process however that ends.
 * @throws HalfspreadError HS_DATA_IN_USE, or HS_DISK when the folder cannot be made
 */
export async function lockDataFolder(dataFolder: string): Promise<FolderLock> {
  await nodeDisk.makeDirectory(dataFolder);
  const path = lockPath(dataFolder);
  const server = createServer((socket) => socket.destroy());
  try {
    if (process.platform !== 'win32') await removeDeadSocket(path);
    await listenOnPipe(server, path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'HS_PIPE_BUSY' && code !== 'EADDRINUSE') throw cause;
    throw new HalfspreadError(
      'HS_DATA_IN_USE',
      `An engine is running on the data folder ${dataFolder}; a second one would write into its journal.`,
      'Stop the first one, or name another folder with --data.',
      { cause },
    );
  }
  // The lock alone must not keep the process alive.
  server.unref();
  const mine = await inodeOf(path);
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
    isHeld: async () => server.listening && (await inodeOf(path)) === mine,
  };
}

/** Undefined for a pipe of Windows, which cannot be removed under its owner, and where nothing is left. */
async function inodeOf(path: string): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    return (await stat(path)).ino;
  } catch {
    // Gone: then it is not ours, whatever the reason.
    return undefined;
  }
}

function lockPath(dataFolder: string): string {
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\halfspread-lock-${name}`;
  const path = join(dataFolder, 'engine.lock');
  return Buffer.byteLength(path) <= MAX_PIPE_PATH_BYTES ? path : join(tmpdir(), `halfspread-${name}.lock`);
}
