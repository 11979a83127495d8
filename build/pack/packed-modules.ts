import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const configSchema = z.object({
  files: z.array(z.union([z.string(), z.object({ from: z.string() })])),
});

/** Folders of the modules that electron-builder.yml puts into the package, as "node_modules/secp256k1". */
export function packedModules(root: string): string[] {
  const { files } = configSchema.parse(parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')));
  return files.flatMap((entry) => (typeof entry === 'string' ? [] : [entry.from]));
}
