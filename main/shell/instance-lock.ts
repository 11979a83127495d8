import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';

const holderSchema = z.strictObject({ pid: z.number().int(), shell: z.enum(['electron', 'browser']) });
/** The Halfspread that has a data folder for itself. */
export type InstanceHolder = z.infer<typeof holderSchema>;

/** The lock, or who holds it as far as is known: it may have begun or ended a moment ago. */
export type InstanceLock = { release(): void } | { heldBy: InstanceHolder | undefined };

/**
 * One Halfspread for one data folder, whichever shell. The lock is SQLite's lock on a file: the system takes it away from
 * a process however that ends, so that none is ever left behind, and of two that start at the same moment one gets it.
 * @throws HalfspreadError HS_OTHER_USER, HS_INSTANCE_LOCK
 */
export async function lockInstance(dataFolder: string, shell: InstanceHolder['shell']): Promise<InstanceLock> {
  await prepareFolder(dataFolder);
  const path = join(dataFolder, 'window.lock');
  const holderPath = join(dataFolder, 'window-holder.json');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    await chmod(path, 0o600);
    const holder: InstanceHolder = { pid: process.pid, shell };
    await writeFile(holderPath, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch (cause) {
    database?.close();
    if (isBusy(cause)) return { heldBy: await readHolder(holderPath) };
    throw new HalfspreadError(
      'HS_INSTANCE_LOCK',
      `${path} cannot be locked for this Halfspread: ${errorMessage(cause)}`,
      'Check that this user may write there and that the disk is not full; the file itself may be removed.',
      { cause },
    );
  }
  const held = database;
  return { release: () => held.close() };
}

/** SQLITE_BUSY and its kin. */
const BUSY = 5;

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === BUSY
  );
}

/** @throws HalfspreadError HS_OTHER_USER */
async function prepareFolder(dataFolder: string): Promise<void> {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const { uid } = await stat(dataFolder);
    const own = process.getuid?.();
    if (own === undefined || uid === own) return;
    throw otherUser(dataFolder, `it belongs to user ${uid}, this is user ${own}`, undefined);
  } catch (cause) {
    if (cause instanceof HalfspreadError) throw cause;
    throw otherUser(dataFolder, errorMessage(cause), cause);
  }
}

function otherUser(dataFolder: string, why: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_OTHER_USER',
    `The data folder ${dataFolder} is not this user's to use: ${why}.`,
    'Start Halfspread as the user it belongs to, or name another folder with HALFSPREAD_HOME.',
    { cause },
  );
}

async function readHolder(path: string): Promise<InstanceHolder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // It has the lock and has not said yet who it is.
    return undefined;
  }
}
