import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AGENT } from './program.ts';

/** P15 of docs/performance.md: a rural uplink carries 1 Mbit/s. */
export const MAX_BUNDLE_BYTES = 1.5 * 1024 * 1024;

/** Of all files of the agent program together, compressed as they travel. */
export async function agentBundleBytes(): Promise<number> {
  const folder = dirname(AGENT);
  const parts: Buffer[] = [];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) parts.push(await readFile(path));
  }
  return gzipSync(Buffer.concat(parts), { level: 9 }).length;
}
