import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';

/** The work's outcome, or HS_NO_ANSWER when it takes longer than `timeoutMs`. What it does later is not waited for. */
export function within<T>(env: Pick<Env, 'timers'>, work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = env.timers.after(timeoutMs, () =>
      reject(
        new HalfspreadError(
          'HS_NO_ANSWER',
          `There was no answer within ${timeoutMs / 1000} s.`,
          'Check the line, then try again.',
        ),
      ),
    );
    work.then(resolve, reject).finally(cancel);
  });
}
