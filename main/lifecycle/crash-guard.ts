import { errorMessage, type WireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';

/** The exit code of a main that ended by itself: the start script offers one new start for it. */
export const EXIT_CRASHED = 70;
/** The engine closes its position first and has 35 s for it (main/engines/local-desk.ts). */
const STOP_BOUND_MS = 45_000;

export interface CrashGuardOptions {
  /** The process; tests hand in another emitter. */
  source: {
    on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
    on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  };
  log(record: LogRecord): void;
  /** Keeps what happened for the next start. */
  remember(error: WireError): void;
  /** Ends the children as a quit does. */
  stop(): Promise<void>;
  /** The last thing that is done, with everything ended or given up. */
  end(error: WireError): void;
  stopBoundMs?: number;
}

/**
 * What nobody caught ends main, but not without its engine: it is told to stop, closes its position, and the person is
 * told. What is thrown on the way is logged and changes nothing.
 */
export function guardAgainstCrash(options: CrashGuardOptions): void {
  let isEnding = false;

  function crash(kind: 'exception' | 'rejection', thrown: unknown): void {
    const error = crashError(kind, thrown);
    options.log({ level: 'error', message: error.message, detail: { code: error.code, thrown } });
    if (isEnding) return;
    isEnding = true;
    try {
      options.remember(error);
    } catch (failure) {
      options.log({ level: 'error', message: 'the crash could not be kept for the next start', detail: failure });
    }
    const bound = new Promise<void>((resolve) => setTimeout(resolve, options.stopBoundMs ?? STOP_BOUND_MS));
    Promise.race([options.stop(), bound])
      .catch((failure: unknown) =>
        options.log({ level: 'error', message: 'the children did not end', detail: failure }),
      )
      .then(() => options.end(error))
      .catch(() => process.exit(EXIT_CRASHED));
  }

  options.source.on('uncaughtException', (error) => crash('exception', error));
  options.source.on('unhandledRejection', (reason) => crash('rejection', reason));
}

function crashError(kind: 'exception' | 'rejection', thrown: unknown): WireError {
  return {
    code: 'HS_MAIN_CRASHED',
    message: `Halfspread ended by itself: an ${kind === 'exception' ? 'exception' : 'unanswered failure'} nobody caught (${errorMessage(thrown)}).`,
    remedy: 'Start it again. If it happens again, save a support bundle on the diagnostics page and report it.',
  };
}

export interface EndOfRun {
  /** Whether this run was itself started after a crash. */
  isSecondTry: boolean;
  ranMs: number;
}

/** A run that fails soon after such a start is not offered a third: it would fail again. */
export function offersNewStart({ isSecondTry, ranMs }: EndOfRun): boolean {
  return !isSecondTry || ranMs >= STABLE_AFTER_MS;
}

const STABLE_AFTER_MS = 60_000;
