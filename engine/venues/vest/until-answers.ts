import { NetworkError } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { VestFeedSettings } from './config.ts';

/**
 * Tries until the venue answers or refuses, with growing, jittered pauses.
 * @param check throws when the client was stopped meanwhile
 */
export async function untilVestAnswers<Result>(
  env: Env,
  settings: Pick<VestFeedSettings, 'reconnectBaseMs' | 'reconnectCapMs'>,
  work: () => Promise<Result>,
  on: { check(): void; failed(message: string): void },
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      const ceilingMs = Math.min(settings.reconnectCapMs, settings.reconnectBaseMs * 2 ** attempt);
      on.failed(`${error.message} Tried again.`);
      const delayMs = env.random.next() * ceilingMs;
      await new Promise<void>((resolve) => env.timers.after(delayMs, resolve));
    }
    on.check();
  }
}
