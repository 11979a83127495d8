import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { WINDOW_RUNTIME_FILE, windowRuntimeSchema, type WindowRuntime } from '../../../engine/protocol/launch.ts';

/** `window.json` (0600): how `halfspread open`, and a second start, find the window that is already there. */
export async function writeWindowFile(dataFolder: string, runtime: WindowRuntime): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const path = join(dataFolder, WINDOW_RUNTIME_FILE);
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(runtime)}\n`);
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Removes the file if it is this process's own. */
export async function removeWindowFile(dataFolder: string): Promise<void> {
  const runtime = await readWindowFile(dataFolder);
  if (runtime?.pid === process.pid) await unlink(join(dataFolder, WINDOW_RUNTIME_FILE));
}

const LINK_TIMEOUT_MS = 2_000;

/** A new link from the window that runs on this data folder; undefined when none answers. */
export async function linkOfRunningWindow(dataFolder: string): Promise<{ link: string; pid: number } | undefined> {
  const runtime = await readWindowFile(dataFolder);
  if (!runtime) return undefined;
  try {
    const response = await fetch(`${runtime.origin}/link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${runtime.secret}` },
      signal: AbortSignal.timeout(LINK_TIMEOUT_MS),
    });
    if (!response.ok) return undefined;
    const answer: unknown = await response.json();
    const link = typeof answer === 'object' && answer !== null && 'link' in answer ? answer.link : undefined;
    return typeof link === 'string' ? { link, pid: runtime.pid } : undefined;
  } catch {
    // Nobody there: the file was left by a process that was killed.
    return undefined;
  }
}

/** Undefined when there is no file, or one that no window of this version wrote. */
async function readWindowFile(dataFolder: string): Promise<WindowRuntime | undefined> {
  try {
    return windowRuntimeSchema.parse(JSON.parse(await readFile(join(dataFolder, WINDOW_RUNTIME_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}
