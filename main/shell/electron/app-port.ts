/** The part of `electron.app` and its neighbours that the program's start uses. The real module fits it. */
export interface ElectronAppPort {
  readonly isPackaged: boolean;
  readonly commandLine: { hasSwitch(name: string): boolean; appendSwitch(name: string, value: string): void };
  enableSandbox(): void;
  setPath(name: 'userData', path: string): void;
  /** Windows: by it the system knows whose notifications these are. */
  setAppUserModelId(id: string): void;
  whenReady(): Promise<void>;
  requestSingleInstanceLock(): boolean;
  exit(code: number): void;
  on(event: 'activate' | 'window-all-closed', listener: () => void): unknown;
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
}

export interface ElectronProtocolPort {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: { standard: boolean; secure: boolean } }[]): void;
}
