import { createPackageWithOptions } from '@electron/asar';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkPackage } from './check-package.ts';

let folder: string;
/** A repository in which one file was built. */
let root: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hs-check-'));
  root = join(folder, 'halfspread');
  mkdirSync(join(root, 'dist/agent'), { recursive: true });
  writeFileSync(join(root, 'dist/agent/agent.mjs'), '');
  copyFileSync(join(import.meta.dirname, '../../electron-builder.yml'), join(root, 'electron-builder.yml'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `checkPackage` has against a package of these files. */
async function faultsOf(files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'app', name)), { recursive: true });
    writeFileSync(join(folder, 'app', name), text);
  }
  const resources = join(folder, 'resources');
  await createPackageWithOptions(join(folder, 'app'), join(resources, 'app.asar'), { unpack: '*.{node,mjs}' });
  return checkPackage({ root, resources, platform: 'linux', arch: 'x64' }).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

it('a package without its parts, or with what has no business in it, is refused with everything that is wrong', async () => {
  const faults = await faultsOf({
    'package.json': '{}',
    'dist/main/electron-main.mjs': `import 'electron';\nimport 'node:fs';\nimport 'left-out';\nconsole.log(${JSON.stringify(root)});`,
    'dist/main/electron-main.mjs.map': '{}',
    'dist/engine/desk.test.ts': '',
    'node_modules/ethers/index.js': '',
    '.env': 'TOKEN=1',
  });
  for (const fault of [
    'dist/engine/engine.mjs is missing',
    'dist/agent/agent.mjs is missing',
    'node_modules/keytar/prebuilds/linux-x64/keytar.node is missing',
    'dist/main/electron-main.mjs.map has no business in it',
    'dist/engine/desk.test.ts has no business in it',
    '.env has no business in it',
    'node_modules/ethers/index.js is of no module on the list',
    'dist/main/electron-main.mjs is outside the archive',
  ]) {
    expect(faults).toContain(fault);
  }
});

it('a key, a path of this machine and an import that leads nowhere are found in the text', async () => {
  const parts = await faultsOf({
    'dist/main/electron-main.mjs': `import 'left-out';\nimport { createRequire } from 'node:module';\ncreateRequire(import.meta.url)("also-left-out");\nconsole.log(${JSON.stringify(root)});`,
    'dist/main/key.txt': `-----BEGIN EC PRIVATE KEY-----\n${'A'.repeat(64)}`,
  });
  expect(parts).toContain('dist/main/key.txt holds a private key');
  expect(parts).toContain(`dist/main/electron-main.mjs names ${root}`);
  expect(parts).toContain('dist/main/electron-main.mjs imports left-out, which is not in the package');
  expect(parts).toContain('dist/main/electron-main.mjs imports also-left-out, which is not in the package');
});
