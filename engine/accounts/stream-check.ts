import { HalfspreadError, NetworkError, errorMessage } from '../core/errors.ts';
import type { Env, Socket, SocketHandlers } from '../env.ts';
import { hostOf, type VenueLine } from './venue-line.ts';

/** Connect, subscribe, first data. */
const STREAM_TIMEOUT_MS = 6_000;

export interface StreamQuestion<Heard> {
  url: string;
  /** Sent once the connection is open. */
  say: string;
  /** Judges each frame; a value ends the conversation. May throw. */
  hear(frame: string | Uint8Array): Heard | undefined;
}

export interface StreamAnswer<Heard> {
  heard: Heard;
  openedAfterMs: number;
  heardAfterMs: number;
}

/**
 * One short conversation over a WebSocket.
 * @throws NetworkError HS_VENUE_STREAM (not opened, closed early, or silent), and what `hear` throws
 */
export function converse<Heard>(
  { clock, timers }: Pick<Env, 'clock' | 'timers'>,
  line: VenueLine,
  { url, say, hear }: StreamQuestion<Heard>,
): Promise<StreamAnswer<Heard>> {
  const startedAtMs = clock.monotonicMs();
  const timeoutMs = Math.min(STREAM_TIMEOUT_MS, line.leftMs());
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    let openedAtMs: number | undefined;
    let isDone = false;
    const finish = (decide: () => void): void => {
      if (isDone) return;
      isDone = true;
      cancelTimeout();
      socket?.close();
      decide();
    };
    const onFrame = (frame: string | Uint8Array, receivedAtMs: number): void => {
      if (isDone) return;
      try {
        const heard = hear(frame);
        if (heard === undefined) return;
        const openedAfterMs = (openedAtMs ?? receivedAtMs) - startedAtMs;
        finish(() => resolve({ heard, openedAfterMs, heardAfterMs: receivedAtMs - startedAtMs }));
      } catch (error) {
        finish(() => reject(error instanceof HalfspreadError ? error : streamFailed(line, url, errorMessage(error))));
      }
    };
    const cancelTimeout = timers.after(timeoutMs, () => {
      const what = openedAtMs === undefined ? 'the connection did not open' : 'it opened, then no market data came';
      finish(() => reject(streamFailed(line, url, `${what} within ${(timeoutMs / 1000).toFixed(1)} s`)));
    });
    const handlers: SocketHandlers = {
      onOpen() {
        openedAtMs = clock.monotonicMs();
        socket?.sendText(say);
      },
      onText: onFrame,
      onBinary: onFrame,
      onPong: () => undefined,
      onClose(code, reason) {
        const how = `${openedAtMs === undefined ? 'refused' : 'closed'} (${reason || code})`;
        finish(() => reject(streamFailed(line, url, `the connection was ${how}`)));
      },
    };
    try {
      socket = line.openSocket({ url, openTimeoutMs: timeoutMs }, handlers);
    } catch (error) {
      finish(() => reject(streamFailed(line, url, errorMessage(error))));
    }
  });
}

function streamFailed(line: VenueLine, url: string, how: string): NetworkError {
  return new NetworkError(
    'HS_VENUE_STREAM',
    `${line.venue}’s market data stream at ${hostOf(url)} does not work from here: ${how}.`,
    'Check the WebSocket address; some networks and proxies do not let WebSockets through.',
  );
}
