import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `sun_path` of Linux without its NUL; a longer path is cut without an error. */
const MAX_PIPE_PATH_BYTES = 107;

/**
 * Where the engine of this data folder listens. One fixed name per folder: a second engine finds the pipe busy and
 * refuses. A folder too deep for a socket gets a private one (0700) below the temporary folder instead.
 */
export async function enginePipePath(socketFolder: string | undefined): Promise<string> {
  if (socketFolder === undefined) return `\\\\.\\pipe\\halfspread-${randomBytes(16).toString('hex')}`;
  const path = join(socketFolder, 'engine.sock');
  if (Buffer.byteLength(path) <= MAX_PIPE_PATH_BYTES) return path;
  return join(await mkdtemp(join(tmpdir(), 'halfspread-')), 'engine.sock');
}
