/** A double of `electron.app`: the order of what was asked for, and the events of the system. */
import type { ElectronAppPort, ElectronProtocolPort } from './app-port.ts';
import { FakeEmitter } from './fake-emitter.test-helper.ts';

export class FakeApp implements ElectronAppPort, ElectronProtocolPort {
  /** What was asked for, in order; "ready" stands among it. */
  readonly asked: string[] = [];
  readonly events = new FakeEmitter();
  readonly exits: number[] = [];
  readonly switches = new Set<string>();
  isPackaged = false;
  isFirstInstance = true;

  readonly commandLine = {
    hasSwitch: (name: string) => this.switches.has(name),
    appendSwitch: (name: string, value: string) => void this.asked.push(`${name}=${value}`),
  };
  on = this.events.on;

  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: object }[]): void {
    this.asked.push(`scheme ${schemes.map(({ scheme, privileges }) => scheme + JSON.stringify(privileges)).join()}`);
  }
  enableSandbox(): void {
    this.asked.push('sandbox');
  }
  setPath(name: string, path: string): void {
    this.asked.push(`${name} ${path}`);
  }
  setAppUserModelId(id: string): void {
    this.asked.push(`model id ${id}`);
  }
  whenReady(): Promise<void> {
    this.asked.push('ready');
    return Promise.resolve();
  }
  requestSingleInstanceLock(): boolean {
    return this.isFirstInstance;
  }
  exit(code: number): void {
    this.exits.push(code);
  }
}
