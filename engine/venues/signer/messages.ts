import type { SignRequest } from './port.ts';

/** Engine to worker. The keys go as workerData once, never as a message. */
export interface ToSignerWorker {
  id: number;
  request: SignRequest;
}

/** Worker to engine; `ready` once, when every table is built. */
export type FromSignerWorker =
  | { kind: 'ready' }
  | { kind: 'signed'; id: number; signature: string; signMs: number }
  | { kind: 'refused'; id: number; code: `HS_${string}`; message: string; remedy: string };
