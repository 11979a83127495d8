/** What the person does with keys, which dialog is open, and why a call was refused. */
import type { KeyRecord } from '../../main/ipc/key-schema.ts';
import type { IpcCallName, IpcInput } from '../../main/ipc/schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';

type KeyCall = Exclude<Extract<IpcCallName, `keys.${string}` | `secret.${string}`>, 'keys.open'>;

export type KeyDialog = { name: 'add' | 'storage' } | { name: 'rotate' | 'delete'; record: KeyRecord };

class KeyActions {
  dialog = $state.raw<KeyDialog>();
  failed = $state.raw<Failure>();

  /** Starts it; what comes of it is in `session.keys`. */
  do<Name extends KeyCall>(name: Name, input: IpcInput<Name>): void {
    this.dialog = undefined;
    void this.#call(session.callKeys(name, input));
  }

  /** Looks at storage and list again. */
  look(): void {
    void this.#call(session.openKeys());
  }

  async #call(call: Promise<void>): Promise<void> {
    try {
      await call;
      this.failed = undefined;
    } catch (error) {
      this.failed = failureOf(error);
    }
  }
}

export const keyActions = new KeyActions();
