import { mkdirSync } from 'node:fs';
import { APP_ID } from './app-id.ts';
import { APP_SCHEME_PRIVILEGES } from './app-scheme.ts';
import type { ElectronAppPort, ElectronProtocolPort } from './app-port.ts';

/**
 * Everything that Electron takes only before it is ready; call it while the entry script is evaluated.
 * @param profileFolder what Chromium keeps for itself; it also decides who is the single instance
 */
export function prepareElectron(
  { app, protocol }: { app: ElectronAppPort; protocol: ElectronProtocolPort },
  profileFolder: string,
  platform: string,
): void {
  protocol.registerSchemesAsPrivileged([APP_SCHEME_PRIVILEGES]);
  app.enableSandbox();
  // No name resolves inside Chromium: pages have no network, and it fetches nothing for itself. Node's own sockets, which
  // the engine uses, do not ask it.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // Electron refuses a folder that is not there.
  mkdirSync(profileFolder, { recursive: true, mode: 0o700 });
  app.setPath('userData', profileFolder);
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
}
