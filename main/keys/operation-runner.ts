import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { KeyAct, KeyOperation, KeyStep } from '../ipc/key-schema.ts';

/** What can be ended half-way without leaving anything unknown at a venue or in a storage. */
const ENDABLE: readonly KeyStep[] = ['asking', 'checking', 'reading', 'testing'];

/** What an operation is about, and how it says what it is at. */
export interface RunningOperation {
  step(step: KeyStep): void;
  /** The outcome of an import, beside success. */
  report(imported: NonNullable<KeyOperation['imported']>): void;
  /** The person cancelled, or Halfspread stops. */
  signal: AbortSignal;
}

export type About = Pick<KeyOperation, 'venue' | 'keyId'>;

/** One operation at a time; the finished one stays on view until the next or until dismissed. */
export interface OperationRunner {
  view(): KeyOperation | undefined;
  /** Starts it and returns; how it ends is in `view()`. @throws HalfspreadError HS_KEY_BUSY */
  begin(act: KeyAct, about: About, run: (operation: RunningOperation) => Promise<void>): void;
  /** @throws HalfspreadError HS_KEY_BUSY when its step cannot be ended half-way */
  cancel(): void;
  dismiss(): void;
  /** Ends what is running and resolves once it has. */
  stop(): Promise<void>;
}

export function createOperationRunner(options: {
  onChange(): void;
  /** An operation ended, one way or another. */
  onEnd(): void;
  log(record: LogRecord): void;
}): OperationRunner {
  const { onChange, onEnd, log } = options;
  let shown: { view: KeyOperation; ending: AbortController; done: Promise<void> } | undefined;
  let count = 0;

  function change(number: number, next: Partial<KeyOperation>): void {
    if (shown?.view.number !== number) return;
    shown.view = { ...shown.view, ...next };
    onChange();
  }

  async function finish(number: number, act: KeyAct, running: Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await running;
      log({ level: 'info', message: `keys: ${act} done` });
      change(number, { state: 'done' });
    } catch (error) {
      const wire = toWireError(error);
      if (wire.code === 'HS_KEY_CANCELLED' || signal.aborted) {
        shown = undefined;
        onChange();
      } else {
        log({ level: 'warn', message: `keys: ${act} failed`, detail: wire });
        change(number, { state: 'failed', error: wire });
      }
    }
    onEnd();
  }

  return {
    view: () => shown?.view,
    begin(act, about, run) {
      if (shown?.view.state === 'running') throw busy();
      const number = ++count;
      const ending = new AbortController();
      const { signal } = ending;
      const view = { number, act, ...about, state: 'running', step: 'checking', startedAt: Date.now() } as const;
      shown = { view, ending, done: Promise.resolve() };
      const running = run({
        step: (step) => change(number, { step }),
        report: (imported) => change(number, { imported }),
        signal,
      });
      shown.done = finish(number, act, running, signal);
      onChange();
    },
    cancel() {
      if (shown?.view.state !== 'running') return;
      if (!ENDABLE.includes(shown.view.step)) throw notNow();
      shown.ending.abort();
    },
    dismiss() {
      if (shown?.view.state !== 'running') shown = undefined;
      onChange();
    },
    async stop() {
      shown?.ending.abort();
      await shown?.done;
    },
  };
}

function busy(): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_BUSY',
    'Something else is being done with the keys; it was not interrupted.',
    'Wait until it is done, or cancel it.',
  );
}

function notNow(): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_BUSY',
    'This step cannot be ended half-way: what it did at the venue or in the storage would be unknown.',
    'It ends by itself within a minute.',
  );
}
