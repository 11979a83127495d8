import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorSchema } from '../../engine/protocol/messages.ts';
import type { WireError } from '../../engine/protocol/errors.ts';

const crashSchema = z.strictObject({ at: z.number(), error: errorSchema });
export type Crash = z.infer<typeof crashSchema>;

const NEW = 'crash.json';
const TOLD = 'crash-told.json';

/** Written with the last breath: synchronously, redacted by the caller. */
export function writeCrash(folder: string, at: number, error: WireError): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, NEW), `${JSON.stringify({ at, error })}\n`, { mode: 0o600 });
}

/** How the last run ended, if it ended by itself. `isNew` once: the next start knows it was told. */
export async function takeCrash(folder: string): Promise<{ crash: Crash; isNew: boolean } | undefined> {
  const fresh = await read(join(folder, NEW));
  if (fresh) {
    renameSync(join(folder, NEW), join(folder, TOLD));
    return { crash: fresh, isNew: true };
  }
  // One that cannot be read says nothing and is in nobody's way.
  rmSync(join(folder, NEW), { force: true });
  const told = await read(join(folder, TOLD));
  return told && { crash: told, isNew: false };
}

async function read(path: string): Promise<Crash | undefined> {
  try {
    return crashSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
