/**
 * Which packages' code is inside what was built, so that a package can name all it contains and the licences of it
 * (build/pack/notices.ts reads dist/bundled-packages.json).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILE = 'dist/bundled-packages.json';

/** target -> folders of packages, as "node_modules/x" */
const found = {};

/** Notes the packages of these source files (absolute or relative paths, as bundlers name them). */
export function notePackages(target, files) {
  const folders = files.map(packageFolder).filter((folder) => folder !== undefined);
  found[target] = [...new Set([...(found[target] ?? []), ...folders])].sort();
}

/** A Vite plugin that notes what ends in the page's chunks. */
export function packageNotes(target) {
  return {
    name: 'halfspread-package-notes',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      notePackages(
        target,
        chunks.flatMap(({ modules }) => Object.keys(modules)),
      );
    },
  };
}

/** Writes what was noted; targets that were not built now keep what was known of them. */
export function writePackageNotes() {
  const known = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
  writeFileSync(FILE, `${JSON.stringify({ ...known, ...found }, undefined, 2)}\n`);
}

/** "node_modules/a/node_modules/@b/c" of a file inside it. */
export function packageFolder(file) {
  return /(?:^|\/)((?:node_modules\/(?:@[^/]+\/)?[^/]+\/(?:.*\/)?)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(
    file.replaceAll('\\', '/').replaceAll('\0', ''),
  )?.[1];
}
