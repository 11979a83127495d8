/**
 * `npm run pack -- --dir`: builds, then packs with electron-builder what electron-builder.yml says, reads the fuses back and
 * checks what is inside. Exit codes: 0 packed, 1 failed, 2 bad command line, 3 Electron's program is not here.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ensureBuild, root } from '../toolchain.mjs';
import { findElectronDist } from './electron-dist.ts';
import { packTo, PLATFORMS, type PackPlatform } from './pack-to.ts';
import { missingForTargets, releaseOptions } from './release-options.ts';

const EXIT = { failed: 1, badInput: 2, noElectron: 3 } as const;

const HELP = `npm run pack -- [options]
Packs Halfspread for this system: AppImage and deb on Linux, dmg and zip on macOS, an installer on Windows.
  --dir                   only the unpacked program, no installers
  --electron-dist FOLDER  an unpacked Electron (default: ELECTRON_OVERRIDE_DIST_PATH, then node_modules/electron/dist)
  --platform NAME         linux, darwin or win32; another than this system's needs --electron-dist and --dir
  --arch NAME             x64 or arm64 (default: this machine's)
  --output FOLDER         default dist/package
  --help                  this text
Signing, notarization and the update feed: environment variables, see docs/packaging.md.`;

function fail(code: number, text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      options: { dir: flag, help: flag, 'electron-dist': text, platform: text, arch: text, output: text },
    });
    const platform = values.platform ?? process.platform;
    if (!isPackPlatform(platform)) throw new Error(`--platform "${platform}" is none of ${PLATFORMS.join(', ')}`);
    const arch = values.arch ?? process.arch;
    if (arch !== 'x64' && arch !== 'arm64') throw new Error(`--arch "${arch}" is neither x64 nor arm64`);
    if (platform !== process.platform && !values.dir) {
      throw new Error(`installers for ${platform} are made on ${platform}: add --dir, or pack there`);
    }
    return { ...values, platform, arch: arch as 'x64' | 'arm64' };
  } catch (error) {
    return fail(EXIT.badInput, `pack: ${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

function isPackPlatform(name: string): name is PackPlatform {
  return (PLATFORMS as readonly string[]).includes(name);
}

const options = readOptions();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')));
const given = options['electron-dist'] ?? process.env['ELECTRON_OVERRIDE_DIST_PATH'];
const dist = findElectronDist({
  root,
  platform: options.platform,
  given: given === undefined ? undefined : resolve(given),
  version,
});
if ('code' in dist) fail(EXIT.noElectron, `${dist.code}: ${dist.message}\nWhat to do: ${dist.remedy}`);

const missing = options.dir || options.platform !== 'linux' ? [] : missingForTargets(['deb'], process.env);
if (missing.length > 0) {
  fail(EXIT.badInput, `pack: a .deb names its maintainer and homepage: set ${missing.join(' and ')}, or give --dir.`);
}

try {
  const release = releaseOptions(options.platform, process.env);
  ensureBuild();
  const packed = await packTo({
    root,
    platform: options.platform,
    arch: options.arch,
    electronDist: dist.folder,
    output: resolve(options.output ?? join(root, 'dist/package')),
    installers: !options.dir,
    config: release.config,
  });
  for (const line of [...packed.report, ...release.notes]) console.log(line);
} catch (error) {
  fail(EXIT.failed, `pack: ${error instanceof Error ? error.message : String(error)}`);
}
