import { chmod, lstat, mkdir, unlink } from 'node:fs/promises';
import { createConnection, type Server } from 'node:net';
import { dirname, isAbsolute } from 'node:path';
import { HalfspreadError } from '../core/errors.ts';

/** `sun_path` of Linux without its NUL. A longer path is cut without an error: clients would never find the socket. */
export const MAX_PIPE_PATH_BYTES = 107;

const onWindows = process.platform === 'win32';

/**
 * Makes the folder of a Unix socket private (0700) and removes a socket that nobody serves any more.
 * Windows has no folder for pipes: the handshake is the guard there.
 * @throws HalfspreadError HS_PIPE_PATH (too long, not absolute), HS_PIPE_FOLDER (not ours), HS_PIPE_BUSY (served)
 */
export async function preparePipe(pipePath: string): Promise<void> {
  if (onWindows) return;
  if (!isAbsolute(pipePath) || Buffer.byteLength(pipePath) > MAX_PIPE_PATH_BYTES) {
    throw new HalfspreadError(
      'HS_PIPE_PATH',
      `The pipe's path ${pipePath} is not absolute or longer than ${MAX_PIPE_PATH_BYTES} bytes.`,
      'Set XDG_RUNTIME_DIR or HALFSPREAD_HOME to a shorter absolute folder.',
    );
  }
  await makePrivateFolder(dirname(pipePath));
  await removeDeadSocket(pipePath);
}

/** Listens on the pipe; the socket is never open to other users, not even between bind and chmod. */
export async function listenOnPipe(server: Server, pipePath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const before = onWindows ? undefined : process.umask(0o177);
    server.listen(pipePath, () => {
      server.off('error', reject);
      resolve();
    });
    // A Unix socket is bound inside listen(), so the mask holds for it and for nothing else.
    if (before !== undefined) process.umask(before);
  });
  if (!onWindows) await chmod(pipePath, 0o600);
}

async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const state = await lstat(folder);
  if (!state.isDirectory() || state.uid !== process.getuid?.()) {
    throw new HalfspreadError(
      'HS_PIPE_FOLDER',
      `${folder} is not a folder of this user: another user could take the pipe's place.`,
      'Remove it, or set XDG_RUNTIME_DIR or HALFSPREAD_HOME to a folder of your own.',
    );
  }
  if ((state.mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/** @throws HalfspreadError HS_PIPE_BUSY when somebody serves it, or it is no socket. */
export async function removeDeadSocket(pipePath: string): Promise<void> {
  const state = await lstat(pipePath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!state) return;
  if (!state.isSocket() || (await isServed(pipePath))) {
    throw new HalfspreadError(
      'HS_PIPE_BUSY',
      `${pipePath} is in use: an engine is already running there.`,
      'Stop the running engine, or use another HALFSPREAD_HOME for a second one.',
    );
  }
  await unlink(pipePath);
}

function isServed(pipePath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(pipePath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
