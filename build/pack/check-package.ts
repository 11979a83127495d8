/** What must be in a package, what must not, and whether every import in it finds its module there. */
import { extractAll, listPackage, statFile } from '@electron/asar';
import { build } from 'esbuild';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packedModules } from './packed-modules.ts';

export interface PackageContents {
  /** In the archive, as "dist/main/electron-main.mjs"; the unpacked ones among them. */
  names: string[];
  files: number;
  asarBytes: number;
  /** Beside the archive. */
  unpacked: string[];
  unpackedBytes: number;
  /** Imports of the bundles, without Node's own. */
  imports: string[];
}

/** Beside everything that was built (`builtFiles`). */
const REQUIRED = [
  'package.json',
  'dist/main/electron-main.mjs',
  'dist/main/preload.cjs',
  'dist/engine/engine.mjs',
  'dist/engine/cli.mjs',
  'dist/practice/main.mjs',
  'dist/practice/tapes/btc-usdm-coinm/tape.json',
  'dist/renderer/index.html',
  'node_modules/pedersen-fast/pedersen_fast_wasm_bg.wasm',
  // Also on other systems: the engine takes it to servers.
  'node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
];

/** Sources, tests, source maps, what may hold secrets, and what only the repository needs. */
const FORBIDDEN = [
  /\.map$/,
  /\.tsx?$/,
  /\.svelte$/,
  /\.(test|test-helper|fixture)\./,
  /(^|\/)\.[^/]/,
  /\.(pem|key|p12|pfx|env|log)$/,
  /\.(gyp|cc|c|h|o)$/,
  /^(build|docs|engine|main|renderer)\//,
  /^dist\/main\/node-main/,
  /^dist\/(test|types)\//,
];

const LEFT_OUT = /\.map$|^dist\/main\/(node-main\.|tray\/)/;
const MOST_FAULTS_NAMED = 20;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}/;
const NODES_OWN = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'node:sqlite']);

export interface PackageQuestion {
  root: string;
  resources: string;
  platform: string;
  arch: string;
}

/** @throws Error with everything that is wrong */
export async function checkPackage({ root, resources, platform, arch }: PackageQuestion): Promise<PackageContents> {
  const asar = join(resources, 'app.asar');
  const names = listPackage(asar, { isPack: false }).map((name) => name.replaceAll('\\', '/').slice(1));
  const files = names.filter((name) => !('files' in statFile(asar, name)));
  const unpackedFolder = join(resources, 'app.asar.unpacked');
  const unpacked = existsSync(unpackedFolder) ? filesBelow(unpackedFolder) : [];
  const faults: string[] = [];

  const keychain = `node_modules/keytar/prebuilds/${platform}-${arch}/keytar.node`;
  for (const name of new Set([...REQUIRED, keychain, ...builtFiles(root)]))
    if (!files.includes(name)) faults.push(`${name} is missing`);
  for (const name of files.filter((each) => FORBIDDEN.some((pattern) => pattern.test(each)))) {
    faults.push(`${name} has no business in it`);
  }
  const modules = packedModules(root);
  for (const name of files.filter((each) => each.startsWith('node_modules/'))) {
    if (!modules.some((folder) => name.startsWith(`${folder}/`))) faults.push(`${name} is of no module on the list`);
  }
  const inHeader = files.filter((name) => 'unpacked' in statFile(asar, name));
  if (inHeader.sort().join() !== unpacked.sort().join()) faults.push('archive and unpacked folder do not agree');
  for (const name of unpacked) if (!name.endsWith('.node')) faults.push(`${name} is outside the archive`);
  for (const name of ['LICENSE.txt', 'THIRD-PARTY-NOTICES.txt']) {
    if (!existsSync(join(resources, 'licenses', name))) faults.push(`licenses/${name} is missing`);
  }

  const folder = mkdtempSync(join(tmpdir(), 'hs-package-'));
  let imports: string[] = [];
  try {
    extractAll(asar, folder);
    faults.push(...suspectFiles(folder, [root, homedir()]));
    const found = await findImports(folder);
    imports = found.imports;
    faults.push(...found.unresolved);
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (faults.length > 0)
    throw new Error(`The package in ${resources} is not right:\n  ${firstOf(faults).join('\n  ')}`);
  return {
    names: files,
    files: files.length,
    asarBytes: statSync(asar).size,
    unpacked,
    unpackedBytes: unpacked.reduce((sum, name) => sum + statSync(join(unpackedFolder, name)).size, 0),
    imports,
  };
}

/** All in the folders of dist/ that the program is made of, but for what electron-builder.yml leaves out on purpose. */
function builtFiles(root: string): string[] {
  const names = filesBelow(join(root, 'dist')).map((name) => `dist/${name}`);
  return names.filter((name) => /^dist\/(?!package|test|types)[^/]+\//.test(name) && !LEFT_OUT.test(name));
}

function firstOf(faults: string[]): string[] {
  if (faults.length <= MOST_FAULTS_NAMED) return faults;
  return [...faults.slice(0, MOST_FAULTS_NAMED), `... and ${faults.length - MOST_FAULTS_NAMED} more`];
}

/** Files with a private key in them, or with a path of the machine they were built on. */
function suspectFiles(folder: string, paths: string[]): string[] {
  return filesBelow(folder)
    .filter((name) => !name.endsWith('.gz') && !name.startsWith('node_modules/'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'latin1');
      const faults = paths
        .filter((path) => path.length > 5 && text.includes(path))
        .map((path) => `${name} names ${path}`);
      if (PRIVATE_KEY.test(text)) faults.push(`${name} holds a private key`);
      return faults;
    });
}

/** Every import and require left in the bundles, resolved from where the bundle lies. */
async function findImports(folder: string): Promise<{ imports: string[]; unresolved: string[] }> {
  const bundles = filesBelow(folder).filter((name) => /^dist\/(?!renderer\/).*\.[mc]js$/.test(name));
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: bundles,
    bundle: true,
    platform: 'node',
    packages: 'external',
    write: false,
    outdir: 'out',
    metafile: true,
    logLevel: 'silent',
    format: 'esm',
  });
  const imports = new Set<string>();
  const unresolved: string[] = [];
  for (const bundle of bundles) {
    const written = metafile.inputs[bundle]?.imports.map(({ path }) => path) ?? [];
    // A require made on the spot is no import to the parser.
    const made = readFileSync(join(folder, bundle), 'utf8').matchAll(
      /createRequire\w*\(import\.meta\.url\)\("([^"]+)"\)/g,
    );
    for (const name of new Set([...written, ...[...made].map((match) => match[1]!)])) {
      if (NODES_OWN.has(name) || name === 'electron' || name.startsWith('.') || name.startsWith('dist/')) continue;
      imports.add(name);
      try {
        createRequire(join(folder, bundle)).resolve(name);
      } catch {
        unresolved.push(`${bundle} imports ${name}, which is not in the package`);
      }
    }
  }
  return { imports: [...imports].sort(), unresolved };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}
