import { parentPort, workerData } from 'node:worker_threads';
import { errorMessage, HalfspreadError } from '../../core/errors.ts';
import type { FromSignerWorker, ToSignerWorker } from './messages.ts';
import type { SignerKeys } from './port.ts';
import { createSignFunction } from './sign-request.ts';

/** Entry of the signer's thread. It alone keeps the trading keys, in memory only. */
const port = parentPort;
if (!port) {
  throw new HalfspreadError(
    'HS_SIGN_NO_PARENT',
    'The signer runs as a worker thread only.',
    'Start the engine instead.',
  );
}

const sign = createSignFunction(workerData as SignerKeys);
const answer = (message: FromSignerWorker): void => port.postMessage(message);

port.on('message', ({ id, request }: ToSignerWorker) => {
  // The worker has no Env: a duration on its own thread is all it measures.
  const startedAtMs = performance.now();
  try {
    const signature = sign(request);
    answer({ kind: 'signed', id, signature, signMs: performance.now() - startedAtMs });
  } catch (error) {
    answer({ kind: 'refused', id, ...describe(error) });
  }
});
answer({ kind: 'ready' });

function describe(error: unknown): { code: `HS_${string}`; message: string; remedy: string } {
  if (error instanceof HalfspreadError) {
    return { code: error.code as `HS_${string}`, message: error.message, remedy: error.remedy };
  }
  return {
    code: 'HS_SIGN_FAILED',
    message: errorMessage(error),
    remedy: 'Check the trading keys in the configuration.',
  };
}
