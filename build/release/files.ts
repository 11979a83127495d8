/**
 * `npm run release:files [-- FOLDER]`: writes into dist/package what belongs beside the installers of a release: the list of
 * contents (halfspread-VERSION.cdx.json, CycloneDX) and SHA256SUMS of all. Exit codes: 0 written, 1 failed, 3 no installer.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { root } from '../toolchain.mjs';
import { checksumsOf } from './checksums.ts';
import { makeSbom } from './sbom.ts';

const EXIT = { failed: 1, noInstaller: 3 } as const;

const folder = resolve(process.argv[2] ?? join(root, 'dist/package'));
try {
  await mkdir(folder, { recursive: true });
  const sbom = await makeSbom(root);
  const list = join(folder, `halfspread-${sbom.metadata.component.version}.cdx.json`);
  await writeFile(list, `${JSON.stringify(sbom, undefined, 2)}\n`);
  const contained = sbom.components.filter(({ scope }) => scope !== 'excluded');
  console.log(`${relative(root, list)}: ${contained.length} components in the program.`);
  const sums = await checksumsOf(folder);
  await writeFile(join(folder, 'SHA256SUMS'), sums);
  console.log(`${relative(root, join(folder, 'SHA256SUMS'))}:\n${sums.trimEnd()}`);
  if (sums.split('\n').length <= 2) {
    console.log('No installer is in this folder yet: pack first (npm run pack), then run this again.');
    process.exitCode = EXIT.noInstaller;
  }
} catch (error) {
  console.error(`release:files: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = EXIT.failed;
}
