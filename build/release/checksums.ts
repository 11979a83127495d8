import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What people get: installers, archives, the update feed, the list of contents. */
const RELEASED = /\.(AppImage|deb|dmg|zip|exe|blockmap)$|^latest.*\.yml$|\.cdx\.json$/;

/**
 * SHA-256 of every file of a release in `folder`, in the form `sha256sum --check` reads. Empty when there is none.
 */
export async function checksumsOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && RELEASED.test(entry.name))
    .map(({ name }) => name)
    .sort();
  const lines: string[] = [];
  for (const name of names) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, name)), hash);
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  return lines.join('');
}
