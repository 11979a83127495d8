import { join } from 'node:path';
import type { WireError } from '../../../engine/protocol/errors.ts';
import { createAutostart } from '../linux/autostart.ts';
import { createLinuxTray } from '../linux/linux-tray.ts';
import { createLogindPower } from '../linux/logind-power.ts';
import { createLinuxNotifier } from '../linux-notifications/linux-notifier.ts';
import { wallClock } from '../../notify/wall-clock.ts';
import { checkExternalLink } from '../external-link.ts';
import type { Shell, TrayHost } from '../ports.ts';
import { createTerminalConfirm } from './confirm.ts';
import { launchNodeProcess } from './node-launcher.ts';
import { openBrowser } from './open-browser.ts';
import { createBrowserSecrets } from './secret-prompt.ts';
import type { Terminal } from './terminal.ts';
import { chooseSavePath } from './save-path.ts';
import { removeWindowFile, writeWindowFile } from './window-file.ts';
import { startWindowServer } from './window-server.ts';

export interface BrowserShellOptions {
  root: string;
  version: string;
  dataFolder: string;
  /** Why not Electron; shown in the window. */
  reason: WireError | undefined;
  /** False on servers: the link is printed and nothing else. */
  openBrowser: boolean;
  environment: NodeJS.ProcessEnv;
  platform: string;
  homeFolder: string;
  /** Program and arguments that start Halfspread without its window. */
  startCommand: readonly string[];
  print(line: string): void;
  /** The one Halfspread was started in. */
  terminal: Terminal | undefined;
  /** Said once, with the reason, where the desktop has no tray for us. */
  onTrayUnavailable(reason: string): void;
}

/** Without Electron only Linux has a tray that a plain Node process can reach. */
const NO_TRAY: TrayHost = {
  show: () => undefined,
  stop: () => undefined,
  availability: () => ({
    state: 'unavailable',
    reason: {
      code: 'HS_TRAY_NONE',
      message: 'The browser window of this system has no tray icon.',
      remedy: 'Use the desktop window, or `halfspread open` for a new link.',
    },
  }),
};

/** The plain-Node host: the same main and renderer, shown by any browser of this machine. */
export function createBrowserShell(options: BrowserShellOptions): Shell {
  const secrets = createBrowserSecrets(options.terminal, options.print);
  const { confirm, codes } = createTerminalConfirm({ print: options.print, clock: wallClock });
  return {
    secrets: secrets.source,
    confirm,
    codes,
    openFile: (path) => (options.openBrowser ? openBrowser(path, options.environment) : Promise.resolve(false)),
    description: { kind: 'browser', ...(options.reason && { reason: options.reason }) },
    launcher: launchNodeProcess,
    chooseSavePath: (name) => chooseSavePath(options, name),
    ...(options.platform === 'linux' && {
      loginItem: createAutostart({ ...options, command: options.startCommand }),
      createPower: (handlers) =>
        createLogindPower({
          environment: options.environment,
          pid: process.pid,
          userId: process.getuid?.() ?? 0,
          ...handlers,
        }),
      createNotifier: (handlers) => createLinuxNotifier(options.environment, handlers),
    }),
    createTray(onAction) {
      const { environment, platform, root, onTrayUnavailable } = options;
      if (platform !== 'linux') return NO_TRAY;
      return createLinuxTray({
        environment,
        iconFolder: join(root, 'dist', 'main', 'tray'),
        onAction,
        onUnavailable: onTrayUnavailable,
      });
    },
    async openExternal(address) {
      const link = checkExternalLink(address);
      if (!(await openBrowser(link, options.environment))) options.print(link);
    },
    // The browser itself tells its person about a tab that crashed.
    async serveWindow(ipc, handlers) {
      const folder = join(options.root, 'dist', 'renderer');
      const server = await startWindowServer(folder, ipc, secrets.gate, handlers?.onRoute);
      await writeWindowFile(options.dataFolder, {
        kind: 'window',
        pid: process.pid,
        startedAt: Date.now(),
        version: options.version,
        origin: server.origin,
        secret: server.linkSecret,
      });
      return {
        async open() {
          const link = server.newLink();
          options.print(`Halfspread: ${link}`);
          if (options.openBrowser) await openBrowser(link, options.environment);
        },
        emit: (name, data) => server.emit(name, data),
        async stop() {
          await removeWindowFile(options.dataFolder);
          await server.stop();
        },
      };
    },
  };
}
