/**
 * Packs for all three systems on stand-ins for Electron (the real one cannot be had here), looks into what came out, and
 * runs what of it runs under plain Node.
 */
import { extractAll, extractFile, getRawHeader } from '@electron/asar';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NtExecutable, NtExecutableResource } from 'resedit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packTo, type Packed, type PackPlatform } from '../pack/pack-to.ts';
import { releaseOptions } from '../pack/release-options.ts';
import { makeStubElectron } from '../pack/stub-electron.test-helper.ts';

const root = join(import.meta.dirname, '../..');
const { version: electronVersion } = createRequire(import.meta.url)('electron/package.json') as { version: string };

const folders: string[] = [];
const temporary = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `hs-${name}-`));
  folders.push(folder);
  return folder;
};

async function pack(platform: PackPlatform, arch: 'x64' | 'arm64'): Promise<Packed> {
  const electronDist = makeStubElectron(platform, electronVersion);
  folders.push(electronDist);
  const { config } = releaseOptions(platform, {});
  return packTo({ root, platform, arch, electronDist, output: temporary('pack'), installers: false, config });
}

const hashOfHeader = (resources: string) =>
  createHash('sha256')
    .update(getRawHeader(join(resources, 'app.asar')).headerString)
    .digest('hex');

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('a package for Linux', () => {
  let packed: Packed;
  /** The archive and what lies beside it, as Electron shows it to the program. */
  let app: string;

  beforeAll(async () => {
    packed = await pack('linux', 'x64');
    app = temporary('app');
    extractAll(join(packed.resources, 'app.asar'), app);
    console.log(packed.report.join('\n'));
  }, 120_000);

  it('has all of ours inside the archive, and native modules alone beside it', () => {
    expect(packed.contents.unpacked.sort()).toEqual([
      'dist/agent/node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
      'node_modules/keytar/prebuilds/linux-x64/keytar.node',
      'node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
    ]);
    const { names } = packed.contents;
    for (const part of ['dist/main/', 'dist/engine/', 'dist/practice/tapes/', 'dist/renderer/assets/']) {
      expect(names.some((name) => name.startsWith(part))).toBe(true);
    }
    expect(names.filter((name) => /dist\/main\/tray\/(mac|windows)/.test(name))).toEqual([]);
  });

  it('has the fuses set, read from the program itself', () => {
    expect(packed.fuses).toMatchObject({
      RunAsNode: false,
      EnableNodeCliInspectArguments: false,
      OnlyLoadAppFromAsar: true,
    });
  });

  it('has the program’s name and entry, and nothing of its making', () => {
    const fields = JSON.parse(extractFile(join(packed.resources, 'app.asar'), 'package.json').toString()) as object;
    expect(fields).toMatchObject({
      name: 'halfspread',
      productName: 'Halfspread',
      main: 'dist/main/electron-main.mjs',
    });
    expect(Object.keys(fields).filter((key) => /scripts|devDependencies/.test(key))).toEqual([]);
  });

  it('names everything of others that is in it, with licence', () => {
    const notices = readFileSync(join(packed.resources, 'licenses/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['ethers', 'ws', 'svelte', 'uplot', 'secp256k1', '@github/keytar', 'pedersen-fast', 'zod']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.*(MIT|ISC).*\\)$`, 'm'));
    }
    expect(readFileSync(join(packed.resources, 'licenses/LICENSE.txt'), 'utf8')).toContain('MIT');
    expect(existsSync(join(packed.folder, 'LICENSES.chromium.html'))).toBe(true);
  });

  it('needs no module that is not in it, and its native ones load from beside the archive', () => {
    expect(packed.contents.imports).toEqual(expect.arrayContaining(['pedersen-fast', 'secp256k1/bindings.js']));
    for (const name of packed.contents.unpacked) {
      // libsecret-1-0 is what the .deb asks for; where it is missing the keychain's module cannot load.
      if (name.includes('keytar') && !hasLibsecret()) continue;
      const path = join(packed.resources, 'app.asar.unpacked', name);
      const run = spawnSync(process.execPath, [
        '-e',
        `console.log(Object.keys(require(${JSON.stringify(path)})).length > 0)`,
      ]);
      expect(`${run.stdout}${run.stderr}`).toBe('true\n');
    }
    const require = createRequire(join(app, 'dist/engine/engine.mjs'));
    const native = require('secp256k1/bindings.js') as { publicKeyCreate(key: Uint8Array): Uint8Array };
    expect(native.publicKeyCreate(new Uint8Array(32).fill(1))).toHaveLength(33);
    const { pedersen_from_hex } = require('pedersen-fast') as { pedersen_from_hex(a: string, b: string): string };
    expect(pedersen_from_hex('1', '2')).toBe('0x5bb9440e27889a364bcb678b1f679ecd1347acdedcbf36e83494f857cc58026');
  });

  describe('its command line (Halfspread --cli)', () => {
    let program: string;
    let home: string;

    beforeAll(() => {
      home = temporary('home');
      program = join(home, 'halfspread');
      const fixture = join(import.meta.dirname, 'packaged-program.fixture.ts');
      const dist = join(app, 'dist');
      writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${fixture}' '${dist}' "$0" "$@"\n`, {
        mode: 0o755,
      });
    });

    const cli = (...args: string[]) =>
      promisify(execFile)(program, args, { env: { ...process.env, HALFSPREAD_HOME: home } }).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: { code: number; stdout: string; stderr: string }) => error,
      );

    it(
      'trades in practice: it starts its venues by starting itself, and the ledgers agree',
      { timeout: 60_000 },
      async () => {
        const run = await cli('--cli', 'run', '--network', 'none', '--for', '1s', '--json');
        expect({ code: run.code, errors: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, errors: '' });
        const report = JSON.parse(run.stdout.trim().split('\n').at(-1)!) as { ledger: object };
        expect(report).toMatchObject({ mode: 'practice', ledger: { lost: 0, doubled: 0, differing: 0, invented: 0 } });
      },
    );

    it('keeps exit codes and standard output as they are elsewhere', async () => {
      const status = await cli('--cli', 'status', '--json');
      expect(status.code).toBe(3);
      expect(JSON.parse(status.stdout)).toMatchObject({ error: { code: 'HS_NOT_RUNNING' } });
      expect(await cli('--cli', 'trades', '--limit', 'x')).toMatchObject({ code: 2 });
      const list = await cli('--cli', '--', 'practice', 'list', '--json');
      expect(list.code).toBe(0);
      expect((JSON.parse(list.stdout) as { tapes: unknown[] }).tapes).toHaveLength(3);
    });

    it('is taken before Electron is asked for anything; a start without it settles all first', async () => {
      expect((await cli('--cli', '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      const asked = JSON.parse((await cli()).stdout) as string[];
      expect(asked).toEqual([
        expect.stringMatching(/^scheme app/),
        'sandbox',
        'host-resolver-rules=MAP * ~NOTFOUND',
        `userData ${join(home, 'config/window')}`,
        'ready',
      ]);
      expect(await cli('--probe')).toMatchObject({ code: 0 });
    });

    it('the program does not start with a switch that takes a wall away, and says so in a box', async () => {
      const refused = await cli('--no-sandbox');
      expect(refused.code).toBe(1);
      expect(refused.stdout).toMatch(/^box Halfspread: Halfspread does not start with --no-sandbox/);
      expect(refused.stderr).toContain('HS_SHELL_SWITCH');
    });
  });
});

it(
  'a package for Windows has the archive’s hash in its program, its own natives and the servers’',
  { timeout: 60_000 },
  async () => {
    const packed = await pack('win32', 'x64');
    expect(packed.contents.unpacked.sort()).toEqual([
      'dist/agent/node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
      'node_modules/keytar/prebuilds/win32-x64/keytar.node',
      'node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
      'node_modules/secp256k1/prebuilds/win32-x64/secp256k1.node',
    ]);
    const resources = NtExecutableResource.from(NtExecutable.from(readFileSync(packed.program)));
    const integrity = resources.entries.find(({ type }) => type === 'INTEGRITY');
    expect(JSON.parse(Buffer.from(integrity!.bin).toString())).toEqual([
      { file: 'resources\\app.asar', alg: 'SHA256', value: hashOfHeader(packed.resources) },
    ]);
  },
);

it(
  'a package for macOS has the archive’s hash in its Info.plist, the link scheme and its own natives',
  { timeout: 60_000 },
  async () => {
    const packed = await pack('darwin', 'arm64');
    expect(packed.contents.unpacked.sort()).toEqual([
      'dist/agent/node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
      'node_modules/keytar/prebuilds/darwin-arm64/keytar.node',
      'node_modules/secp256k1/prebuilds/darwin-arm64/secp256k1.node',
      'node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
    ]);
    const plist = readFileSync(join(packed.resources, '../Info.plist'), 'utf8');
    expect(plist).toContain(`<string>${hashOfHeader(packed.resources)}</string>`);
    expect(plist).toMatch(/CFBundleURLSchemes<\/key>\s*<array>\s*<string>halfspread</);
    expect(plist).toContain('<string>org.halfspread.desktop</string>');
  },
);

function hasLibsecret(): boolean {
  return ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'].some((folder) =>
    existsSync(join(folder, 'libsecret-1.so.0')),
  );
}
