import { NetworkError } from '../../core/errors.ts';
import type { Env } from '../../env.ts';

/** Between two tries to reach the REST side while starting. */
const RETRY_AFTER_MS = 2_000;

/**
 * Tries until it works or is refused: a network that is down at start comes back.
 * @param check throws when the client was stopped meanwhile
 */
export async function untilAnswered<Result>(
  env: Env,
  attempt: () => Promise<Result>,
  on: { check(): void; failed(error: NetworkError): void },
): Promise<Result> {
  for (;;) {
    on.check();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      on.failed(error);
      await new Promise<void>((resolve) => env.timers.after(RETRY_AFTER_MS, resolve));
    }
  }
}
