/** Where Electron's unpacked program for a package comes from. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The program inside an unpacked Electron, by system. */
export const ELECTRON_PROGRAM: Readonly<Record<string, string>> = {
  linux: 'electron',
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

export interface PackObstacle {
  code: 'HS_PACK_NO_ELECTRON' | 'HS_PACK_WRONG_ELECTRON';
  message: string;
  remedy: string;
}

export interface ElectronDistQuestion {
  root: string;
  /** System of the package. */
  platform: string;
  /** `--electron-dist`, or ELECTRON_OVERRIDE_DIST_PATH. */
  given: string | undefined;
  /** Version the package is made for. */
  version: string;
}

/** The folder to take Electron from, or why there is none. Nothing is downloaded. */
export function findElectronDist({
  root,
  platform,
  given,
  version,
}: ElectronDistQuestion): { folder: string } | PackObstacle {
  const folder = given ?? join(root, 'node_modules/electron/dist');
  const program = ELECTRON_PROGRAM[platform];
  if (program === undefined || !existsSync(join(folder, program))) {
    return {
      code: 'HS_PACK_NO_ELECTRON',
      message: given
        ? `${given} is no unpacked Electron for ${platform}: it has no ${program}.`
        : `Electron's program for ${platform} is not here (${folder}).`,
      remedy:
        `Unpack electron-v${version}-${platform}-<arch>.zip of Electron's releases and name its folder: npm run pack -- --electron-dist FOLDER. ` +
        'On a connection that reaches github.com, "npx install-electron" puts the one of this system in place.',
    };
  }
  const found = versionOf(folder);
  if (found !== undefined && found !== version) {
    return {
      code: 'HS_PACK_WRONG_ELECTRON',
      message: `${folder} is Electron ${found}; this program is made and tested for ${version}.`,
      remedy: `Take electron-v${version}-${platform}-<arch>.zip.`,
    };
  }
  return { folder };
}

/** Undefined where the folder does not say. */
function versionOf(folder: string): string | undefined {
  const file = join(folder, 'version');
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : undefined;
}
