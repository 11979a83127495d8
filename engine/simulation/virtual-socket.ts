import type { Socket, SocketHandlers, SocketOptions } from '../env.ts';
import type { EndpointConnection, EndpointSession, VenueEndpoint } from '../practice/host.ts';
import type { VirtualLine } from './virtual-line.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Code of a WebSocket that ended without a close frame (RFC 6455 7.4.1). */
export const ABNORMAL_CLOSURE = 1006;
const NORMAL_CLOSURE = 1000;

/** A WebSocket at message level: TCP handshake, upgrade, then frames in order in each direction. */
export class VirtualSocket implements Socket {
  private readonly time: VirtualTime;
  private readonly line: VirtualLine;
  private readonly handlers: SocketHandlers;
  private state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  private session: EndpointSession | undefined;
  private cancelOpenTimeout: () => void;

  constructor(
    time: VirtualTime,
    line: VirtualLine,
    endpoint: VenueEndpoint,
    options: SocketOptions,
    handlers: SocketHandlers,
  ) {
    this.time = time;
    this.line = line;
    this.handlers = handlers;
    this.cancelOpenTimeout = time.at(time.nowUs() + options.openTimeoutMs * 1000, () => {
      this.finish(ABNORMAL_CLOSURE, `HS_NET_TIMEOUT: not open within ${options.openTimeoutMs} ms`);
    });
    line.roundTrip(() => line.toVenue(() => this.upgrade(endpoint, options)));
  }

  sendText(text: string): number {
    if (this.state === 'open') this.line.toVenue(() => this.session?.onText(text));
    return this.time.nowUs() / 1000;
  }

  ping(): void {
    if (this.state !== 'open') return;
    const sentUs = this.time.nowUs();
    this.line.roundTrip(() => {
      if (this.state !== 'closed') this.handlers.onPong((this.time.nowUs() - sentUs) / 1000);
    });
  }

  close(code = NORMAL_CLOSURE, reason = ''): void {
    if (this.state === 'connecting') this.time.at(this.time.nowUs(), () => this.finish(ABNORMAL_CLOSURE, reason));
    if (this.state !== 'open') return;
    this.state = 'closing';
    this.line.toVenue(() => {
      this.endSession();
      this.line.fromVenue(() => this.finish(code, reason));
    });
  }

  private upgrade(endpoint: VenueEndpoint, options: SocketOptions): void {
    if (this.state !== 'connecting') return;
    let opened = (): void => undefined;
    // Queued before the endpoint is asked: its answer travels before the frames it may send at once.
    this.line.fromVenue(() => opened());
    const { pathname, search } = new URL(options.url);
    const request = { path: pathname + search, headers: lowerCaseNames(options.headers) };
    const answer = endpoint.upgrade(request, this.venueSide());
    if (answer.accepted) {
      this.session = answer.session;
      opened = () => {
        if (this.state !== 'connecting') {
          this.endSession();
          return;
        }
        this.cancelOpenTimeout();
        this.state = 'open';
        this.handlers.onOpen();
      };
    } else {
      opened = () => this.finish(ABNORMAL_CLOSURE, `HTTP ${answer.status}: ${answer.body}`);
    }
  }

  private venueSide(): EndpointConnection {
    const nowMs = (): number => this.time.nowUs() / 1000;
    const isReading = (): boolean => this.state === 'open' || this.state === 'closing';
    return {
      sendText: (text) =>
        this.line.fromVenue(() => {
          if (isReading()) this.handlers.onText(text, nowMs());
        }),
      sendBinary: (bytes) => {
        const copy = bytes.slice();
        this.line.fromVenue(() => {
          if (isReading()) this.handlers.onBinary(copy, nowMs());
        });
      },
      close: (code, reason) =>
        this.line.fromVenue(() => {
          this.finish(code, reason);
          this.line.toVenue(() => this.endSession());
        }),
    };
  }

  private endSession(): void {
    this.session?.onClose();
    this.session = undefined;
  }

  private finish(code: number, reason: string): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.cancelOpenTimeout();
    this.handlers.onClose(code, reason);
  }
}

export function lowerCaseNames(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
