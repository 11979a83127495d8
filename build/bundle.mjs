/**
 * Builds what runs into dist/: engine, practice venues and main by esbuild, the window by Vite. Options: `--only engine,main`.
 * Layout (fixed, other parts rely on it):
 *   dist/engine/{cli,engine,accounts,config-check,signer-worker,verify-worker}.mjs   dist/practice/{main,verify-worker}.mjs, tapes/
 *   dist/main/{node-main,electron-main,deploy-cli,keychain}.mjs  dist/main/preload.cjs, tray/   dist/renderer/
 *   dist/agent/{agent,signer-worker}.mjs, node_modules/ (native signer)
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';
import { notePackages, packageNotes, writePackageNotes } from './bundled-packages.mjs';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);

/** Loaded from node_modules at run time: native or WebAssembly files beside their code. */
const external = ['secp256k1', 'pedersen-fast', 'keytar', 'electron'];

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  sourcemap: 'linked',
  legalComments: 'linked',
  external,
  logLevel: 'warning',
  metafile: true,
};
const esm = {
  ...shared,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // CommonJS dependencies inside an ES module still call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

async function build(target, options) {
  const { metafile } = await esbuild.build(options);
  notePackages(target, Object.keys(metafile.inputs));
}

const targets = {
  engine: () =>
    build('engine', {
      ...esm,
      outdir: 'dist/engine',
      entryPoints: [
        { in: 'engine/cli.ts', out: 'cli' },
        { in: 'engine/main.ts', out: 'engine' },
        { in: 'engine/accounts/main.ts', out: 'accounts' },
        { in: 'engine/config/check-main.ts', out: 'config-check' },
        { in: 'engine/venues/signer/worker.ts', out: 'signer-worker' },
        { in: 'engine/practice/paradex/signatures/verify-worker.ts', out: 'verify-worker' },
      ],
    }),
  practice: async () => {
    await build('practice', {
      ...esm,
      outdir: 'dist/practice',
      entryPoints: [
        { in: 'engine/practice/main.ts', out: 'main' },
        { in: 'engine/practice/paradex/signatures/verify-worker.ts', out: 'verify-worker' },
      ],
    });
    // The tapes are data: read at run time by the venues' process and by the CLI.
    await cp('engine/practice/tapes', 'dist/practice/tapes', {
      recursive: true,
      filter: (path) => !path.endsWith('.ts'),
    });
  },
  agent: async () => {
    await build('agent', {
      ...esm,
      outdir: 'dist/agent',
      // It travels over the operator's own uplink.
      minify: true,
      sourcemap: false,
      entryPoints: [
        { in: 'engine/agent/program/main.ts', out: 'agent' },
        { in: 'engine/venues/signer/worker.ts', out: 'signer-worker' },
      ],
    });
    // The native signer of Vest, for the machines it is built for; elsewhere @noble/curves signs.
    for (const [name, parts] of [
      [
        'secp256k1',
        [
          'package.json',
          'LICENSE',
          'bindings.js',
          'lib/index.js',
          'lib/uint8array.js',
          'prebuilds/linux-x64/secp256k1.glibc.node',
        ],
      ],
      ['node-gyp-build', ['package.json', 'LICENSE', 'index.js', 'node-gyp-build.js']],
    ]) {
      for (const part of parts) {
        await cp(`node_modules/${name}/${part}`, `dist/agent/node_modules/${name}/${part}`, { recursive: true });
      }
    }
  },
  main: async () => {
    await build('main', {
      ...esm,
      outdir: 'dist/main',
      entryPoints: [
        { in: 'main/node-main.ts', out: 'node-main' },
        { in: 'main/electron-main.ts', out: 'electron-main' },
        { in: 'main/keys/storage/keychain-program.ts', out: 'keychain' },
        { in: 'main/deploy/cli.ts', out: 'deploy-cli' },
      ],
    });
    await build('main', {
      ...shared,
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      outdir: 'dist/main',
      entryPoints: [{ in: 'main/shell/electron/preload.ts', out: 'preload' }],
    });
    await cp('build/resources/tray', 'dist/main/tray', { recursive: true });
  },
  renderer: async () => {
    const vite = await import('vite');
    await vite.build({
      configFile: 'renderer/vite.config.ts',
      logLevel: 'warn',
      plugins: [packageNotes('renderer')],
    });
  },
};

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : Object.keys(targets);
await mkdir('dist', { recursive: true });
for (const name of only) {
  if (!targets[name]) {
    console.error(`build: unknown part "${name}"; parts are ${Object.keys(targets).join(', ')}`);
    process.exit(2);
  }
  const startedAt = performance.now();
  await targets[name]();
  console.log(`built ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
writePackageNotes();
if (only.length === Object.keys(targets).length && existsSync('package-lock.json')) {
  await writeFile('dist/built.json', JSON.stringify({ builtAt: new Date().toISOString() }));
}
