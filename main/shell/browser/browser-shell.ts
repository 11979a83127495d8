import { join } from 'node:path';
import type { WireError } from '../../../engine/protocol/errors.ts';
import { createLinuxTray } from '../linux/linux-tray.ts';
import { createLinuxNotifier } from '../linux-notifications/linux-notifier.ts';
import { wallClock } from '../../notify/wall-clock.ts';
import type { Shell, TrayHost } from '../ports.ts';
import { createTerminalConfirm } from './confirm.ts';
import { launchNodeProcess } from './node-launcher.ts';
import { openBrowser } from './open-browser.ts';
import { createBrowserSecrets } from './secret-prompt.ts';
import type { Terminal } from './terminal.ts';
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
  print(line: string): void;
  /** The one Halfspread was started in. */
  terminal: Terminal | undefined;
  /** Said once, with the reason, where the desktop has no tray for us. */
  onTrayUnavailable(reason: string): void;
}

/** Without Electron only Linux has a tray that a plain Node process can reach. */
const NO_TRAY: TrayHost = { show: () => undefined, stop: () => undefined };

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
    ...(options.platform === 'linux' && {
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
    async serveWindow(ipc) {
      const server = await startWindowServer(join(options.root, 'dist', 'renderer'), ipc, secrets.gate);
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
