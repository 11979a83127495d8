import { deployStepIds, type OperationStep, type OperationStepId } from '../../ipc/site-schema.ts';
import { catalogues, isTextKey } from '../../text/catalogue.ts';
import { say } from './terminal.ts';

const WIDTH = 34;
const TICK_MS = 500;

/** A line for each step that ended; on a terminal the running one is rewritten in place, with time, bytes and estimate. */
export function progressPrinter(
  live: boolean,
  steps: readonly OperationStepId[] = deployStepIds,
): { show(progress: OperationStep): void; end(): void } {
  let shown: { progress: OperationStep; atMs: number } | undefined;
  const clear = () => void (shown && process.stderr.write('\r\u001b[K'));
  const rewrite = () => {
    if (!shown) return;
    const elapsedMs = shown.progress.elapsedMs + performance.now() - shown.atMs;
    const line = progressLine({ ...shown.progress, elapsedMs }, steps);
    process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 120) - 1)}`);
  };
  const ticking = live ? setInterval(rewrite, TICK_MS) : undefined;
  ticking?.unref();
  return {
    show(progress) {
      if (progress.state === 'running' || progress.state === 'undoing') {
        if (!live) return;
        shown = { progress, atMs: performance.now() };
        return rewrite();
      }
      clear();
      shown = undefined;
      say(progressLine(progress, steps));
    },
    end() {
      clearInterval(ticking);
      clear();
      shown = undefined;
    },
  };
}

/** "[ 7/17] Upload the program            done      11.4 s  1.2 MB, SHA-256 checked there" */
export function progressLine(progress: OperationStep, steps: readonly OperationStepId[] = deployStepIds): string {
  const { step, state, elapsedMs, detail, bytesDone, bytesTotal, remainingMs } = progress;
  const number = `[${String(steps.indexOf(step) + 1).padStart(2)}/${steps.length}]`;
  const title = titleOf(step).padEnd(WIDTH);
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`.padStart(8);
  const bytes =
    bytesDone === undefined || bytesTotal === undefined
      ? ''
      : `  ${(bytesDone / 1e6).toFixed(1)} of ${(bytesTotal / 1e6).toFixed(1)} MB${remainingMs === undefined ? '' : `, about ${Math.ceil(remainingMs / 1000)} s left`}`;
  return `${number} ${title} ${catalogues.en[`deploy.state.${state}`].padEnd(9)}${seconds}${bytes}${detail === undefined ? '' : `  ${detail}`}`;
}

function titleOf(step: OperationStepId): string {
  const key = [`deploy.step.${step}`, `sites.step.${step}`].find(isTextKey);
  return key === undefined ? step : catalogues.en[key];
}
