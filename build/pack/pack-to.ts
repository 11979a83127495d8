/** One run of electron-builder, and the look into what came out of it. */
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { checkPackage, type PackageContents } from './check-package.ts';
import { readFuses, wrongFuses } from './fuses.ts';
import { writeNotices } from './notices.ts';
import type { ReleaseOptions } from './release-options.ts';

export const PLATFORMS = ['linux', 'darwin', 'win32'] as const;
export type PackPlatform = (typeof PLATFORMS)[number];

export interface PackOrder {
  /** Of the repository; dist/ below it is built. */
  root: string;
  platform: PackPlatform;
  arch: 'x64' | 'arm64';
  /** An unpacked Electron. */
  electronDist: string;
  output: string;
  /** Or the unpacked program only. */
  installers: boolean;
  config: ReleaseOptions['config'];
}

export interface Packed {
  /** The unpacked program's folder. */
  folder: string;
  /** What a person would start. */
  program: string;
  resources: string;
  contents: PackageContents;
  /** Fuse -> whether it is on, as read from the packed program. */
  fuses: Record<string, boolean | undefined>;
  /** Files that electron-builder made beside it. */
  installers: string[];
  report: string[];
}

/** @throws Error when something is missing in the package, or in it that should not be */
export async function packTo(order: PackOrder): Promise<Packed> {
  const { root, platform, arch, output } = order;
  const packages = writeNotices(root);
  const place = placesOf(platform, arch, output);
  rmSync(place.folder, { recursive: true, force: true });
  const made = await build({
    projectDir: root,
    targets: builderPlatform(platform).createTarget(order.installers ? null : 'dir', Arch[arch]),
    publish: 'never',
    config: { ...order.config, electronDist: order.electronDist, directories: { output } },
  });
  const contents = await checkPackage({ root, resources: place.resources, platform, arch });
  const fuses = await readFuses(place.fuseFile);
  const wrong = wrongFuses(fuses);
  if (wrong.length > 0) throw new Error(`The packed program's fuses are wrong: ${wrong.join(', ')}`);
  const installers = made.filter((file) => file !== place.folder && existsSync(file));
  return {
    ...place,
    contents,
    fuses,
    installers,
    report: [
      `Packed ${relative(root, place.folder)} for ${platform} ${arch}.`,
      `  ${contents.files} files in app.asar (${megabytes(contents.asarBytes)}), ${contents.unpacked.length} native modules beside it (${megabytes(contents.unpackedBytes)}), ${packages} packages in THIRD-PARTY-NOTICES.txt`,
      `  fuses read back: ${Object.entries(fuses)
        .map(([name, isOn]) => `${name} ${isOn ? 'on' : 'off'}`)
        .join(', ')}`,
      ...installers.map((file) => `  ${relative(root, file)}`),
    ],
  };
}

function placesOf(platform: PackPlatform, arch: string, output: string) {
  const suffix = arch === 'x64' ? '' : `-${arch}`;
  switch (platform) {
    case 'linux': {
      const folder = join(output, `linux${suffix}-unpacked`);
      const program = join(folder, 'halfspread');
      return { folder, program, fuseFile: program, resources: join(folder, 'resources') };
    }
    case 'win32': {
      const folder = join(output, `win${suffix}-unpacked`);
      const program = join(folder, 'Halfspread.exe');
      return { folder, program, fuseFile: program, resources: join(folder, 'resources') };
    }
    case 'darwin': {
      const folder = join(output, `mac${suffix}`);
      const app = join(folder, 'Halfspread.app');
      return {
        folder,
        program: join(app, 'Contents/MacOS/Halfspread'),
        fuseFile: app,
        resources: join(app, 'Contents/Resources'),
      };
    }
  }
}

function builderPlatform(platform: PackPlatform): Platform {
  switch (platform) {
    case 'linux':
      return Platform.LINUX;
    case 'win32':
      return Platform.WINDOWS;
    case 'darwin':
      return Platform.MAC;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
