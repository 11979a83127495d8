import type { WebSocket } from 'ws';
import type { EndpointConnection } from '../host.ts';

/** A client that reads so slowly that this much waits for it is cut off, so that memory stays bounded. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** The venue's side of a WebSocket. The venue may speak while the upgrade is still being answered: that is kept. */
export class BufferedConnection implements EndpointConnection {
  private webSocket: WebSocket | undefined;
  private early: ((webSocket: WebSocket) => void)[] = [];

  sendText(text: string): void {
    this.use((webSocket) => webSocket.send(text, { binary: false }));
  }

  sendBinary(bytes: Uint8Array): void {
    // ws keeps the buffer until the socket takes it, and the venue may use it again.
    const copy = Buffer.from(bytes);
    this.use((webSocket) => webSocket.send(copy, { binary: true }));
  }

  close(code: number, reason: string): void {
    this.use((webSocket) => webSocket.close(code, reason));
  }

  attach(webSocket: WebSocket): void {
    this.webSocket = webSocket;
    for (const action of this.early) action(webSocket);
    this.early = [];
  }

  private use(action: (webSocket: WebSocket) => void): void {
    const { webSocket } = this;
    if (!webSocket) {
      this.early.push(action);
      return;
    }
    if (webSocket.readyState !== webSocket.OPEN) return;
    if (webSocket.bufferedAmount > MAX_WAITING_BYTES) webSocket.terminate();
    else action(webSocket);
  }
}
