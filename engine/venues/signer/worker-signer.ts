import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { HalfspreadError } from '../../core/errors.ts';
import type { FromSignerWorker, ToSignerWorker } from './messages.ts';
import type { SignAnswer, SignerKeys, SignerPort } from './port.ts';

interface Pending {
  resolve(answer: SignAnswer): void;
  reject(error: HalfspreadError): void;
}

/**
 * Starts the signer's thread and hands it the keys once; resolves when its tables are built (about 0.3 s). When the thread
 * dies, everything pending and every later request is rejected with HS_SIGN_WORKER_DIED: the engine must stop trading then.
 */
export function createWorkerSigner(keys: SignerKeys): Promise<SignerPort> {
  return startSignerWorker(workerEntry(), keys);
}

/** As `createWorkerSigner`, with the entry given. */
export function startSignerWorker(entry: URL, keys: SignerKeys): Promise<SignerPort> {
  const worker = new Worker(entry, { workerData: keys, name: 'signer' });
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let failure: HalfspreadError | undefined;

  return new Promise((resolve, reject) => {
    const fail = (error: HalfspreadError): void => {
      failure ??= error;
      for (const request of pending.values()) request.reject(failure);
      pending.clear();
      reject(failure);
    };
    const port: SignerPort = {
      sign: (request) =>
        new Promise((resolveSign, rejectSign) => {
          if (failure) return rejectSign(failure);
          const id = nextId++;
          pending.set(id, { resolve: resolveSign, reject: rejectSign });
          worker.postMessage({ id, request } satisfies ToSignerWorker);
        }),
      close: async () => {
        fail(new HalfspreadError('HS_SIGN_CLOSED', 'The signer was closed.', 'Start the engine again.'));
        await worker.terminate();
      },
    };
    worker.on('message', (message: FromSignerWorker) => {
      if (message.kind === 'ready') return resolve(port);
      const request = pending.get(message.id);
      pending.delete(message.id);
      if (message.kind === 'signed') {
        request?.resolve({ signature: message.signature, signMs: message.signMs });
      } else {
        request?.reject(new HalfspreadError(message.code, message.message, message.remedy));
      }
    });
    worker.on('error', (error) => fail(workerDied(error.message, error)));
    worker.on('exit', (code) => fail(workerDied(`it exited with code ${code}`)));
  });
}

/** `./worker.ts` when running from source, `./signer-worker.mjs` beside the bundle. */
function workerEntry(): URL {
  const bundled = new URL('./signer-worker.mjs', import.meta.url);
  return existsSync(bundled) ? bundled : new URL('./worker.ts', import.meta.url);
}

function workerDied(reason: string, cause?: Error): HalfspreadError {
  return new HalfspreadError(
    'HS_SIGN_WORKER_DIED',
    `The signer stopped (${reason}); nothing can be signed any more.`,
    'Check the trading keys in the configuration, then start the engine again.',
    { cause },
  );
}
