import { access, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface SaveFolderOptions {
  environment: Record<string, string | undefined>;
  homeFolder: string;
  dataFolder: string;
}

/**
 * Where this shell saves a file: the person's download folder, else `exports` in the data folder. A name that is taken
 * gets a number. With a folder of its own (HALFSPREAD_HOME) nothing is written outside of that.
 */
export async function chooseSavePath(options: SaveFolderOptions, name: string): Promise<string> {
  const folder = await saveFolder(options);
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : name.replace(/(\.\w+)?$/, ` (${number})$1`));
    if (!(await exists(path))) return path;
  }
}

async function saveFolder({ environment, homeFolder, dataFolder }: SaveFolderOptions): Promise<string> {
  const downloads = environment['HALFSPREAD_HOME'] ? undefined : await downloadFolder(environment, homeFolder);
  if (downloads !== undefined && (await isFolder(downloads))) return downloads;
  const own = join(dataFolder, 'exports');
  await mkdir(own, { recursive: true, mode: 0o700 });
  return own;
}

/** https://www.freedesktop.org/wiki/Software/xdg-user-dirs; macOS and Windows call it Downloads too. */
async function downloadFolder(environment: Record<string, string | undefined>, homeFolder: string): Promise<string> {
  const config = environment['XDG_CONFIG_HOME']?.startsWith('/')
    ? environment['XDG_CONFIG_HOME']
    : join(homeFolder, '.config');
  const text = await readFile(join(config, 'user-dirs.dirs'), 'utf8').catch(() => '');
  const named = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(text)?.[1]?.replace('$HOME', homeFolder);
  return named?.startsWith('/') ? named : join(homeFolder, 'Downloads');
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (state) => state.isDirectory(),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
