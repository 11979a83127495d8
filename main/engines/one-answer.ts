import type { LaunchSpec, ProcessLauncher } from './launcher.ts';

/** Electron may report a child's end before the last of its output. */
const LATE_LINE_MS = 1_000;
/** A program that answered ends by itself; this is how long it may take. */
const END_MS = 2_000;

/** How a program that is started for one answer went. `how`: in words, for an error's message. */
export type OneAnswer =
  { kind: 'line'; line: string } | { kind: 'noAnswer'; how: string } | { kind: 'timeOver' } | { kind: 'aborted' };

/**
 * Starts a program for the one line it prints, and sees that it ends: killed when it takes longer than `timeoutMs`, when
 * `signal` aborts, and when it lingers after its answer. The line may hold secrets: it is not logged here.
 */
export function oneAnswer(
  launcher: ProcessLauncher,
  spec: LaunchSpec,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<OneAnswer> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve({ kind: 'aborted' });
      return;
    }
    let hasEnded = false;
    const settle = (answer: OneAnswer): void => {
      clearTimeout(timeout);
      signal?.removeEventListener('abort', onAbort);
      resolve(answer);
    };
    const giveUp = (kind: 'timeOver' | 'aborted'): void => {
      settle({ kind });
      if (!hasEnded) child.kill();
    };
    const onAbort = (): void => giveUp('aborted');
    const timeout = setTimeout(() => giveUp('timeOver'), timeoutMs);
    signal?.addEventListener('abort', onAbort);
    let lingering: NodeJS.Timeout | undefined;
    const child = launcher(spec, {
      onStdoutLine(line) {
        settle({ kind: 'line', line });
        lingering ??= setTimeout(() => child.kill(), END_MS);
      },
      // Errors come in the answer; what a library prints beside it is of no use to a person.
      onStderrLine: () => undefined,
      onExit(code, signalName, startError) {
        hasEnded = true;
        clearTimeout(lingering);
        const how = startError?.message ?? `it ended with ${signalName ?? `code ${code}`} and gave no answer`;
        setTimeout(() => settle({ kind: 'noAnswer', how }), startError ? 0 : LATE_LINE_MS);
      },
    });
  });
}
