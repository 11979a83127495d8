/** The part of the electron module that is used to keep pages from doing more than draw; ElectronPort extends it. */
export interface ElectronLockDownPort {
  app: {
    on(event: 'web-contents-created', listener: (event: unknown, contents: WebContentsPort) => void): unknown;
    on(
      event: 'certificate-error',
      listener: (
        event: PreventableEvent,
        contents: unknown,
        url: string,
        error: string,
        certificate: unknown,
        callback: (isTrusted: boolean) => void,
      ) => void,
    ): unknown;
    on(
      event: 'select-client-certificate',
      listener: (
        event: PreventableEvent,
        contents: unknown,
        url: string,
        list: unknown,
        callback: (certificate?: never) => void,
      ) => void,
    ): unknown;
  };
  session: { fromPartition(partition: string, options: { cache: boolean }): SessionPort };
  shell: {
    openExternal(url: string): Promise<void>;
    /** Resolves with an empty text when it could be shown, else with why not. */
    openPath(path: string): Promise<string>;
  };
}

export interface PreventableEvent {
  preventDefault(): void;
}

export interface WebContentsPort {
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect',
    listener: (event: PreventableEvent & { url: string; isMainFrame: boolean }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: PreventableEvent) => void): unknown;
  on(
    event: 'select-bluetooth-device',
    listener: (event: PreventableEvent, devices: unknown, callback: (deviceId: string) => void) => void,
  ): unknown;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void;
  setWebRTCIPHandlingPolicy(policy: 'disable_non_proxied_udp'): void;
}

export interface SessionPort {
  protocol: { handle(scheme: string, handler: (request: { url: string; method: string }) => Response): void };
  webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, callback: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setBluetoothPairingHandler(
    handler: (details: unknown, callback: (response: { confirmed: boolean }) => void) => void,
  ): void;
  setSpellCheckerEnabled(enabled: boolean): void;
  on(event: 'will-download', listener: (event: PreventableEvent) => void): unknown;
  on(
    event: 'select-hid-device' | 'select-usb-device',
    listener: (event: PreventableEvent, details: unknown, callback: () => void) => void,
  ): unknown;
  on(
    event: 'select-serial-port',
    listener: (event: PreventableEvent, ports: unknown, contents: unknown, callback: (portId: string) => void) => void,
  ): unknown;
}
