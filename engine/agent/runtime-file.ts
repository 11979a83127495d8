import { chmod, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HalfspreadError } from '../core/errors.ts';
import { ENGINE_RUNTIME_FILE, engineRuntimeSchema, type EngineRuntime } from '../protocol/launch.ts';
import { parseStrictJson } from '../protocol/strict-json.ts';

/** Where a running engine says how to reach it. */
export function engineRuntimePath(dataFolder: string): string {
  return join(dataFolder, ENGINE_RUNTIME_FILE);
}

/** Writes the file so that only this user can read it, at no moment otherwise, and never half a file. */
export async function writeEngineRuntime(dataFolder: string, runtime: EngineRuntime): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const path = engineRuntimePath(dataFolder);
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, 'w', 0o600);
  try {
    // An older draft keeps its mode when opened again.
    await chmod(draft, 0o600);
    await file.writeFile(`${JSON.stringify(runtime)}\n`);
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** Removes the file if this process wrote it; a newer engine's file stays. */
export async function removeEngineRuntime(dataFolder: string): Promise<void> {
  const runtime = await readEngineRuntime(dataFolder);
  if (runtime?.pid === process.pid) await unlink(engineRuntimePath(dataFolder));
}

/**
 * The engine running on this data folder, undefined when there is none (no file, or its process is gone).
 * @throws HalfspreadError HS_RUNTIME_FILE when the file cannot be read or is not what an engine writes.
 */
export async function readEngineRuntime(dataFolder: string): Promise<EngineRuntime | undefined> {
  const path = engineRuntimePath(dataFolder);
  let runtime: EngineRuntime;
  try {
    runtime = engineRuntimeSchema.parse(parseStrictJson(await readFile(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new HalfspreadError(
      'HS_RUNTIME_FILE',
      `${path} cannot be read as the note of a running engine.`,
      'Stop the engine if one runs, then delete the file; the next start writes it again.',
      { cause },
    );
  }
  return isAlive(runtime.pid) ? runtime : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
