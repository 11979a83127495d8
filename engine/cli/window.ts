import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HalfspreadError } from '../core/errors.ts';
import { userFolders } from '../protocol/folders.ts';
import { WINDOW_RUNTIME_FILE, windowRuntimeSchema, type WindowRuntime } from '../protocol/launch.ts';

/** How to reach the running window (browser shell) of this user. @throws HalfspreadError HS_NOT_RUNNING */
export async function readWindowRuntime(): Promise<WindowRuntime> {
  const path = join(userFolders(process.platform, process.env, homedir()).data, WINDOW_RUNTIME_FILE);
  try {
    return windowRuntimeSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw windowNotRunning(`there is no readable ${path}`, cause);
  }
}

export function windowNotRunning(why: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_NOT_RUNNING',
    `No Halfspread window is running: ${why}.`,
    'Start it with `npm start`.',
    { cause },
  );
}
