/** A TCP proxy on loopback for tests of a link: cuts connections, changes where they lead, lets through so much a second. */
import { createConnection, createServer, type Socket } from 'node:net';

export interface Proxy {
  port: number;
  /** Where new connections lead. */
  target: number;
  /** What the target sends waits so long, in order. */
  holdAnswersMs: number;
  /** Connections accepted so far. */
  accepted(): number;
  cut(): void;
  stop(): Promise<void>;
}

const TICK_MS = 20;

/** @param bytesPerSecond from the target to the client; without it as fast as it goes */
export async function startProxy(target: number, bytesPerSecond?: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((inner) => {
    accepted += 1;
    const outer = createConnection(proxy.target, '127.0.0.1');
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        inner.destroy();
        outer.destroy();
      });
    }
    inner.pipe(outer, { end: false });
    if (proxy.holdAnswersMs > 0) hold(outer, inner, proxy.holdAnswersMs);
    else if (bytesPerSecond === undefined) outer.pipe(inner, { end: false });
    else throttle(outer, inner, bytesPerSecond);
  });
  const proxy: Proxy = {
    port: 0,
    target,
    holdAnswersMs: 0,
    accepted: () => accepted,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      proxy.cut();
      return closed;
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address) proxy.port = address.port;
  return proxy;
}

/** Takes everything from `from`, as a modem's long queue does, and gives it on at the rate. */
function throttle(from: Socket, to: Socket, bytesPerSecond: number): void {
  let queued = Buffer.alloc(0);
  let credit = 0;
  let filledAtMs = performance.now();
  from.on('data', (bytes) => (queued = Buffer.concat([queued, Buffer.from(bytes)])));
  const timer = setInterval(() => {
    const nowMs = performance.now();
    credit = Math.min(bytesPerSecond / 2, credit + ((nowMs - filledAtMs) / 1000) * bytesPerSecond);
    filledAtMs = nowMs;
    const count = Math.min(queued.length, Math.floor(credit));
    if (count === 0) return;
    to.write(queued.subarray(0, count));
    queued = queued.subarray(count);
    credit -= count;
  }, TICK_MS);
  to.on('close', () => clearInterval(timer));
}

function hold(from: Socket, to: Socket, ms: number): void {
  from.on('data', (bytes) => setTimeout(() => to.destroyed || to.write(bytes), ms));
}
