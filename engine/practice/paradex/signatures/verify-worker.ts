import { isDeepStrictEqual } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { HalfspreadError } from '../../../core/errors.ts';
import { verifyNow, type ParadexVerifier, type VerificationAnswer, type VerificationRequest } from './verifier.ts';

const WORKER_DATA = { role: 'paradex-verifier' };

interface Job {
  id: number;
  request: VerificationRequest;
}

interface Answer {
  id: number;
  result: VerificationAnswer;
}

/**
 * Verifier of the real venue process: the same check on a worker thread, so that big-number arithmetic never delays the
 * sockets. Answers keep the order of the calls. A worker that dies ends the process through `onFailure`.
 * @param entry file to start the worker from: this module, or the bundle that contains it.
 */
export function createWorkerVerifier(
  onFailure: (error: HalfspreadError) => void,
  entry: URL = new URL(import.meta.url),
): ParadexVerifier {
  const worker = new Worker(entry, { workerData: WORKER_DATA });
  const waiting = new Map<number, (result: VerificationAnswer) => void>();
  let lastId = 0;
  let closing = false;
  worker.on('message', (answer: Answer) => {
    const done = waiting.get(answer.id);
    waiting.delete(answer.id);
    done?.(answer.result);
  });
  worker.on('error', (cause) => onFailure(workerError('failed', cause)));
  worker.on('exit', (code) => {
    if (!closing) onFailure(workerError(`ended with code ${code}`));
  });
  return {
    verify(request, answer) {
      const id = ++lastId;
      waiting.set(id, answer);
      worker.postMessage({ id, request } satisfies Job);
    },
    async close() {
      closing = true;
      await worker.terminate();
    },
  };
}

function workerError(what: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_PRACTICE_VERIFIER',
    `The practice venue's signature checker ${what}: no order can be accepted any more.`,
    'Restart the practice venues; report it with the log when it happens again.',
    { cause },
  );
}

// In a bundle this module is also part of other workers' code: only the one started above may answer.
if (!isMainThread && parentPort !== null && isDeepStrictEqual(workerData, WORKER_DATA)) {
  const port = parentPort;
  port.on('message', (job: Job) => port.postMessage({ id: job.id, result: verifyNow(job.request) } satisfies Answer));
}
