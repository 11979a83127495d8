import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above that holds package.json: the same for source, build and package. */
export function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`No package.json above ${from}`);
    folder = above;
  }
  return folder;
}
