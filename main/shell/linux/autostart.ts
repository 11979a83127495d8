import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../../engine/protocol/errors.ts';
import type { LoginItemState } from '../../ipc/login-item-schema.ts';
import { loginItemFailed, type LoginItem } from '../login-item.ts';

export interface AutostartOptions {
  environment: Record<string, string | undefined>;
  homeFolder: string;
  /** Program and arguments that start Halfspread without opening its window. */
  command: readonly string[];
}

/**
 * Start at login of Linux desktops: a file in the autostart folder.
 * https://specifications.freedesktop.org/autostart-spec and /desktop-entry-spec
 */
export function createAutostart({ environment, homeFolder, command }: AutostartOptions): LoginItem {
  const ownHome = environment['HALFSPREAD_HOME'];
  const xdgConfig = environment['XDG_CONFIG_HOME'];
  const folder = join(xdgConfig?.startsWith('/') ? xdgConfig : join(homeFolder, '.config'), 'autostart');
  const path = join(folder, `halfspread${ownHome ? `-${shortHash(ownHome)}` : ''}.desktop`);
  const wanted = desktopEntry(ownHome ? ['env', `HALFSPREAD_HOME=${ownHome}`, ...command] : command);

  async function read(): Promise<LoginItemState> {
    let found: string;
    try {
      found = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { state: 'off' };
      return { state: 'unavailable', reason: loginItemFailed(errorMessage(error)) };
    }
    if (found === wanted) return { state: 'on' };
    const isSwitchedOff = /^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m.test(found);
    return { state: 'changed', reason: isSwitchedOff ? switchedOff(path) : changed(path) };
  }

  return {
    read: async () => plain(await read()),
    async set(enabled) {
      try {
        if (enabled) await write(folder, path, wanted);
        else await rm(path, { force: true });
      } catch (error) {
        throw loginItemFailed(errorMessage(error), error);
      }
      const state = plain(await read());
      if (state.state !== (enabled ? 'on' : 'off')) throw loginItemFailed(`${path} is not as it was written`);
      return state;
    },
  };
}

async function write(folder: string, path: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

function desktopEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Halfspread',
    'Comment=Starts Halfspread in the tray at login',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** An argument of `Exec`: quoted for its own rules, then its backslashes once more for those of any string. */
function quoted(argument: string): string {
  const inQuotes = argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inQuotes}"`.replaceAll('\\', '\\\\');
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Errors as they cross to the window. */
function plain({ state, reason }: LoginItemState): LoginItemState {
  return reason ? { state, reason: { code: reason.code, message: reason.message, remedy: reason.remedy } } : { state };
}

function switchedOff(path: string): NonNullable<LoginItemState['reason']> {
  return {
    code: 'HS_LOGIN_ITEM_DISABLED',
    message: `The desktop’s own settings have switched it off (${path}).`,
    remedy: 'Switch it on here, or leave it to those settings.',
  };
}

function changed(path: string): NonNullable<LoginItemState['reason']> {
  return {
    code: 'HS_LOGIN_ITEM_CHANGED',
    message: `${path} is there, but not as this Halfspread writes it: it was edited, or another copy of Halfspread wrote it.`,
    remedy: 'Switch it on here to write it anew, or off to remove it.',
  };
}
