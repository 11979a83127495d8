/** Where Halfspread keeps things on this machine: one rule for the window, the engines and the CLI, so they meet. */
import { networkLabel } from './endpoints.ts';
import type { DeskLaunchInput } from './launch.ts';

export interface UserFolders {
  /** settings.json */
  config: string;
  /** Journals, exports, runtime files. */
  data: string;
  /** Unix sockets; undefined on Windows, where pipes have no folder. */
  sockets: string | undefined;
}

/**
 * `HALFSPREAD_HOME` puts everything below one folder (tests, several desks on one machine). Otherwise Linux follows the
 * XDG base directories, macOS and Windows their own custom. Pure: nothing is created.
 */
export function userFolders(
  platform: string,
  environment: Record<string, string | undefined>,
  home: string,
): UserFolders {
  const own = environment['HALFSPREAD_HOME'];
  if (platform === 'win32') {
    const base = own ?? `${environment['APPDATA'] ?? `${home}\\AppData\\Roaming`}\\Halfspread`;
    return { config: base, data: `${base}\\data`, sockets: undefined };
  }
  if (own !== undefined && own !== '') return { config: `${own}/config`, data: `${own}/data`, sockets: `${own}/run` };
  if (platform === 'darwin') {
    const base = `${home}/Library/Application Support/Halfspread`;
    return { config: base, data: `${base}/data`, sockets: `${base}/run` };
  }
  const data = `${absolute(environment['XDG_DATA_HOME']) ?? `${home}/.local/share`}/halfspread`;
  const runtime = absolute(environment['XDG_RUNTIME_DIR']);
  return {
    config: `${absolute(environment['XDG_CONFIG_HOME']) ?? `${home}/.config`}/halfspread`,
    data,
    sockets: runtime === undefined ? `${data}/run` : `${runtime}/halfspread`,
  };
}

/** The XDG specification: a relative path in these variables is invalid and ignored. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}

/**
 * Name of a desk's own folder below `UserFolders.data`: "practice", "paper-production", "live-production-0x1a2b3c4d-0x5e6f7a8b".
 * One per mode, network and (live) pair of accounts, because a journal of one must never be taken up by another: the
 * engine refuses it.
 */
export function deskFolderName(desk: DeskLaunchInput): string {
  switch (desk.mode) {
    case 'practice':
      return 'practice';
    case 'paper':
      return `paper-${fileName(networkLabel(desk.endpoints))}`;
    case 'live': {
      const { paradex, vest } = desk.keys;
      const accounts = [paradex.accountAddress, vest.primaryAddress].map((address) =>
        address.toLowerCase().slice(0, 10),
      );
      return `live-${fileName(networkLabel(desk.endpoints))}-${accounts.join('-')}`;
    }
  }
}

function fileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.]+/g, '-');
}
