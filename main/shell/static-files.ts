import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface StaticFile {
  bytes: Buffer;
  contentType: string;
  /** Its name carries a hash of its content, so it may be kept. */
  immutable: boolean;
}

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads a built folder into memory, by URL path. Requests are answered from this table alone: no path of a request
 * ever reaches the disk. An absent folder is an empty table.
 */
export async function readStaticFiles(folder: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  let names: string[];
  try {
    names = await readdir(folder, { recursive: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return files;
    throw error;
  }
  for (const name of names) {
    const contentType = CONTENT_TYPES[extname(name)];
    // Folders and source maps have no type here and are not served.
    if (contentType === undefined) continue;
    const path = `/${name.split(sep).join('/')}`;
    files.set(path, {
      bytes: await readFile(join(folder, name)),
      contentType,
      immutable: path.startsWith('/assets/'),
    });
  }
  return files;
}
