/** The part of the electron double that stands for what a page could ask for: it answers what would be allowed. */
import { FakeEmitter } from './fake-emitter.test-helper.ts';
import type { ElectronLockDownPort, SessionPort, WebContentsPort } from './lock-down-port.ts';

/** A page as Electron would create it, and its wishes. */
export class FakePage {
  readonly events = new FakeEmitter();
  webRtcPolicy = 'default';
  #onWindowOpen: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });

  readonly contents: WebContentsPort = {
    on: this.events.on,
    setWindowOpenHandler: (handler) => (this.#onWindowOpen = handler),
    setWebRTCIPHandlingPolicy: (policy) => (this.webRtcPolicy = policy),
  };

  mayNavigate = (url: string, isMainFrame = true): boolean =>
    ['will-navigate', 'will-frame-navigate'].every((event) => this.events.isLetThrough(event, { url, isMainFrame }));
  windowOpen = (url: string): string => this.#onWindowOpen({ url }).action;
}

/** The window's session, and its answers. */
export class FakeSession {
  readonly events = new FakeEmitter();
  readonly schemes = new Map<string, (request: { url: string; method: string }) => Response>();
  isSpellChecking = true;
  #onBeforeRequest: (details: { url: string }, callback: (response: { cancel: boolean }) => void) => void = (
    _details,
    callback,
  ) => callback({ cancel: false });
  #onPermission: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void = (
    _contents,
    _permission,
    callback,
  ) => callback(true);
  #onPairing: (details: unknown, callback: (response: { confirmed: boolean }) => void) => void = (_details, callback) =>
    callback({ confirmed: true });
  #checkPermission = () => true;
  #checkDevice = () => true;

  readonly port: SessionPort = {
    protocol: { handle: (scheme, handler) => void this.schemes.set(scheme, handler) },
    webRequest: { onBeforeRequest: (listener) => (this.#onBeforeRequest = listener) },
    setPermissionRequestHandler: (handler) => (this.#onPermission = handler),
    setPermissionCheckHandler: (handler) => (this.#checkPermission = handler),
    setDevicePermissionHandler: (handler) => (this.#checkDevice = handler),
    setBluetoothPairingHandler: (handler) => (this.#onPairing = handler),
    setSpellCheckerEnabled: (enabled) => (this.isSpellChecking = enabled),
    on: this.events.on,
  };

  mayRequest(url: string): boolean {
    let allowed = true;
    this.#onBeforeRequest({ url }, ({ cancel }) => (allowed = !cancel));
    return allowed;
  }

  /** Asked for, looked up, and as a device: all three must be denied. */
  grants(permission: string): boolean[] {
    const granted = [this.#checkPermission(), this.#checkDevice()];
    this.#onPermission({}, permission, (answer) => granted.push(answer));
    this.#onPairing({}, ({ confirmed }) => granted.push(confirmed));
    return granted;
  }
}

export class FakeLockDownElectron implements ElectronLockDownPort {
  readonly appEvents = new FakeEmitter();
  readonly sessions = new Map<string, FakeSession & { options: { cache: boolean } }>();
  readonly openedExternally: string[] = [];

  readonly app: ElectronLockDownPort['app'] = { on: this.appEvents.on };

  readonly session = {
    fromPartition: (partition: string, options: { cache: boolean }) => {
      const created = this.sessions.get(partition) ?? Object.assign(new FakeSession(), { options });
      this.sessions.set(partition, created);
      return created.port;
    },
  };

  readonly openedPaths: string[] = [];
  readonly shell = {
    openPath: (path: string) => Promise.resolve((this.openedPaths.push(path), '')),
    openExternal: (url: string) => {
      this.openedExternally.push(url);
      return Promise.resolve();
    },
  };

  /** Creates a page as Electron would: whoever listens for new pages gets hold of it. */
  newPage(): FakePage {
    const page = new FakePage();
    this.appEvents.isLetThrough('web-contents-created', {}, page.contents);
    return page;
  }
}
