import { deployStepIds, type StepProgress } from '../../ipc/site-schema.ts';
import { catalogues } from '../../text/catalogue.ts';
import { say } from './terminal.ts';

const WIDTH = 34;

/** A line for each step that ended; on a terminal the running one is rewritten in place, with time, bytes and estimate. */
export function progressPrinter(live: boolean): { show(progress: StepProgress): void; end(): void } {
  let open = false;
  const clear = () => {
    if (open) process.stderr.write('\r\u001b[K');
    open = false;
  };
  return {
    show(progress) {
      const line = progressLine(progress);
      if (progress.state === 'running' || progress.state === 'undoing') {
        if (!live) return;
        clear();
        process.stderr.write(line.slice(0, (process.stderr.columns ?? 120) - 1));
        open = true;
        return;
      }
      clear();
      say(line);
    },
    end: clear,
  };
}

/** "[ 7/17] Upload the program            done      11.4 s  1.2 MB, SHA-256 checked there" */
export function progressLine({
  step,
  state,
  elapsedMs,
  detail,
  bytesDone,
  bytesTotal,
  remainingMs,
}: StepProgress): string {
  const number = `[${String(deployStepIds.indexOf(step) + 1).padStart(2)}/${deployStepIds.length}]`;
  const title = catalogues.en[`deploy.step.${step}`].padEnd(WIDTH);
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`.padStart(8);
  const bytes =
    bytesDone === undefined || bytesTotal === undefined
      ? ''
      : `  ${(bytesDone / 1e6).toFixed(1)} of ${(bytesTotal / 1e6).toFixed(1)} MB${remainingMs === undefined ? '' : `, about ${Math.ceil(remainingMs / 1000)} s left`}`;
  return `${number} ${title} ${catalogues.en[`deploy.state.${state}`].padEnd(9)}${seconds}${bytes}${detail === undefined ? '' : `  ${detail}`}`;
}
