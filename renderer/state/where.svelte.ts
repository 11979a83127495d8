/** What is measured from here, as main reads it out of the engine's figures; asked for again while somebody looks. */
import type { IpcOutput } from '../../main/ipc/schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';

const EVERY_MS = 5_000;

class Where {
  answer = $state.raw<IpcOutput<'sites.where'>>();
  failure = $state.raw<Failure>();

  /** For an effect: asks now and every five seconds until the returned function is called. */
  follow(): () => void {
    const ask = (): void => {
      session.call('sites.where', {}).then(
        (answer) => {
          this.answer = answer;
          this.failure = undefined;
        },
        (error: unknown) => {
          this.failure = failureOf(error);
        },
      );
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => clearInterval(timer);
  }
}

export const where = new Where();
