/** What the person changes of the program itself, and why it failed. */
import type { IpcInput } from '../../main/ipc/schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session, type DesktopCall } from './session.svelte.ts';

class DesktopActions {
  failed = $state.raw<Failure>();
  /** The process that is being started again, and since when. */
  starting = $state.raw<{ process: 'engine' | 'venues'; sinceAt: number }>();

  setLogin(enabled: boolean): void {
    void this.#call('settings.startAtLogin', { enabled });
  }

  setSpikes(sensitivity: IpcInput<'settings.spikes'>['sensitivity']): void {
    void this.#call('settings.spikes', { sensitivity });
  }

  setShell(preferred: IpcInput<'settings.shell'>['preferred']): void {
    void this.#call('settings.shell', { preferred });
  }

  setLook(settings: IpcInput<'settings.set'>): void {
    session.setSettings(settings).then(
      () => (this.failed = undefined),
      (error: unknown) => (this.failed = failureOf(error)),
    );
  }

  putFirstRunAway(): void {
    void this.#call('firstRun.dismiss', {});
  }

  async startAgain(process: 'engine' | 'venues'): Promise<void> {
    this.starting = { process, sinceAt: Date.now() };
    await this.#call('process.startAgain', { process });
  }

  async #call<Name extends DesktopCall>(name: Name, input: IpcInput<Name>): Promise<void> {
    try {
      await session.callDesktop(name, input);
      this.failed = undefined;
    } catch (error) {
      this.failed = failureOf(error);
    }
  }
}

export const desktopActions = new DesktopActions();
