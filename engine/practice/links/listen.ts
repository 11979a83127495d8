import type { Server } from 'node:net';
import { HalfspreadError, errorMessage } from '../../core/errors.ts';

export interface ListenAddress {
  host: string;
  /** 0 = any free port. */
  port: number;
}

/** @throws HalfspreadError HS_LISTEN_BUSY or HS_LISTEN naming the address. */
export function listen(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => reject(listenError(address, error)));
    server.listen(address.port, address.host, resolve);
  });
}

function listenError(address: ListenAddress, error: Error & { code?: string }): HalfspreadError {
  const where = `${address.host}:${address.port}`;
  const remedy = 'Give a free address with --listen, or leave it out to get any free port.';
  return error.code === 'EADDRINUSE'
    ? new HalfspreadError('HS_LISTEN_BUSY', `${where} is in use by another program.`, remedy, { cause: error })
    : new HalfspreadError('HS_LISTEN', `Cannot listen on ${where}: ${errorMessage(error)}.`, remedy, { cause: error });
}
