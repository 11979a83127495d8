import { toWireError } from '../../../engine/protocol/errors.ts';
import { checkExternalLink } from '../external-link.ts';
import { isOwnUrl, OWN_PAGE_URL } from './app-scheme.ts';
import type { ElectronLockDownPort, SessionPort, WebContentsPort } from './lock-down-port.ts';

/** Without `persist:` in its name the session lives in memory: the window leaves nothing on the disk. */
export const WINDOW_PARTITION = 'halfspread';

export interface LockDownOptions {
  electron: ElectronLockDownPort;
  /** Their own page is then let through; off in packages. */
  devTools: boolean;
  /** A link of the page was not opened, with the reason. */
  onRefusedLink(message: string): void;
}

/**
 * Denies everything a page could ask for beyond drawing itself, for every page there is or will be (security.md,
 * Electron). Call once, before the first window. Returns the session of the window.
 */
export function lockDown({ electron, devTools, onRefusedLink }: LockDownOptions): SessionPort {
  const session = electron.session.fromPartition(WINDOW_PARTITION, { cache: false });
  lockSession(session, devTools);
  electron.app.on('web-contents-created', (_event, contents) => lockPage(contents));
  electron.app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  electron.app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  return session;

  function lockPage(contents: WebContentsPort): void {
    contents.on('will-navigate', (event) => {
      // The page that stands in for a crashed window leads back to it; nothing else is left by a link.
      if (!event.isMainFrame || event.url !== OWN_PAGE_URL) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || event.url !== OWN_PAGE_URL) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('select-bluetooth-device', (event, _devices, callback) => {
      event.preventDefault();
      callback('');
    });
    // A page without network has no use for WebRTC, which no content policy covers.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(({ url }) => {
      openInBrowser(url);
      return { action: 'deny' };
    });
  }

  function openInBrowser(address: string): void {
    openExternally(electron, address).catch((error: unknown) => onRefusedLink(toWireError(error).message));
  }
}

/** Asks the system to open a link of the allow-list. @throws HalfspreadError HS_EXTERNAL_LINK */
export async function openExternally(electron: Pick<ElectronLockDownPort, 'shell'>, address: string): Promise<void> {
  await electron.shell.openExternal(checkExternalLink(address));
}

function lockSession(session: SessionPort, devTools: boolean): void {
  // The second wall behind the content policy: not one request leaves the program's own files.
  const mayRequest = (url: string) =>
    isOwnUrl(url) || url.startsWith('data:') || (devTools && url.startsWith('devtools:'));
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !mayRequest(url) }));
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  // Its dictionaries would be downloaded.
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.on('select-hid-device', (event, _details, callback) => {
    event.preventDefault();
    callback();
  });
  session.on('select-usb-device', (event, _details, callback) => {
    event.preventDefault();
    callback();
  });
  session.on('select-serial-port', (event, _ports, _contents, callback) => {
    event.preventDefault();
    callback('');
  });
}
