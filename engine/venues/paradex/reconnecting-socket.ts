import { NetworkError } from '../../core/errors.ts';
import type { Env, Socket } from '../../env.ts';
import type { ConnectionReport, ConnectionState } from '../venue.ts';
import { RoundTrips } from '../round-trips.ts';

const OPEN_TIMEOUT_MS = 10_000;
/** Round trips are sampled on a fixed schedule, never "when there is time": busy moments must count too. */
const PING_EVERY_MS = 5_000;
/** Three pings unanswered: the connection is dead even if nobody closed it. */
const DEAD_AFTER_MS = 16_000;
const BACKOFF_BASE_MS = 250;
const BACKOFF_CAP_MS = 15_000;

export interface SocketUser {
  /** A fresh connection: authenticate, subscribe, then `ready()`. */
  onOpen(): void;
  onText(text: string, receivedAtMs: number): void;
  onBinary(bytes: Uint8Array, receivedAtMs: number): void;
  /** The connection is gone; another is tried after a pause. */
  onLost(reason: string): void;
  onState(report: ConnectionReport): void;
}

/** One WebSocket that comes back: exponential back-off with full jitter, pings, dead-peer detection, and its own figures. */
export class ReconnectingSocket {
  private readonly env: Env;
  private readonly target: { name: string; url: string };
  private readonly user: SocketUser;
  private readonly roundTrips = new RoundTrips();
  private socket: Socket | undefined;
  private open = false;
  private state: ConnectionState = 'closed';
  private stopped = true;
  private attempt = 0;
  private reconnects = 0;
  private lastFrameAtMs = Number.NaN;
  private lastSignAtMs = 0;
  private cancelRetry: (() => void) | undefined;
  private cancelPings: (() => void) | undefined;
  private whenClosed: (() => void) | undefined;

  constructor(env: Env, target: { name: string; url: string }, user: SocketUser) {
    this.env = env;
    this.target = target;
    this.user = user;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  /** Resolves when the connection is closed and nothing more will be called. */
  stop(): Promise<void> {
    this.stopped = true;
    this.cancelRetry?.();
    this.cancelPings?.();
    return new Promise((resolve) => {
      if (!this.socket) {
        this.setState('closed');
        resolve();
        return;
      }
      this.whenClosed = resolve;
      this.socket.close(1000, 'stopping');
    });
  }

  get isOpen(): boolean {
    return this.open;
  }

  get isReady(): boolean {
    return this.state === 'ready';
  }

  /** Time of hand-over (t4). @throws NetworkError HS_NET_NOT_CONNECTED: nothing was sent. */
  send(text: string): number {
    if (!this.open || !this.socket) {
      throw new NetworkError(
        'HS_NET_NOT_CONNECTED',
        `The ${this.target.name} connection to Paradex is down, so nothing was sent.`,
        'It reconnects by itself; check the network if it stays down.',
      );
    }
    return this.socket.sendText(text);
  }

  /** The user finished setting the connection up; the next loss starts with the shortest pause again. */
  ready(): void {
    this.attempt = 0;
    this.setState('ready');
  }

  /** Gives this connection up and opens another. */
  drop(reason: string): void {
    this.socket?.close(1000, reason);
  }

  report(): ConnectionReport {
    const lastFrameAgeMs = this.env.clock.monotonicMs() - this.lastFrameAtMs;
    return {
      venue: 'paradex',
      name: this.target.name,
      transport: 'websocket',
      state: this.state,
      ...this.roundTrips.summary(),
      reconnects: this.reconnects,
      ...(Number.isNaN(lastFrameAgeMs) ? {} : { lastFrameAgeMs }),
    };
  }

  private connect(): void {
    this.setState('connecting');
    const { clock, network } = this.env;
    this.socket = network.openSocket(
      { url: this.target.url, openTimeoutMs: OPEN_TIMEOUT_MS },
      {
        onOpen: () => {
          this.open = true;
          this.lastSignAtMs = clock.monotonicMs();
          this.cancelPings = this.env.timers.every(PING_EVERY_MS, () => this.ping());
          this.user.onOpen();
        },
        onText: (text, receivedAtMs) => {
          this.lastFrameAtMs = this.lastSignAtMs = receivedAtMs;
          this.user.onText(text, receivedAtMs);
        },
        onBinary: (bytes, receivedAtMs) => {
          this.lastFrameAtMs = this.lastSignAtMs = receivedAtMs;
          this.user.onBinary(bytes, receivedAtMs);
        },
        onPong: (roundTripMs) => {
          this.lastSignAtMs = clock.monotonicMs();
          this.roundTrips.add(roundTripMs);
          this.user.onState(this.report());
        },
        onClose: (code, reason) => this.closed(`${code} ${reason}`.trim()),
      },
    );
  }

  /** One of the measured round trips; see RoundTrips.draw. */
  drawRoundTrip(random: number): { ms: number; samples: number } | undefined {
    return this.roundTrips.draw(random);
  }

  /** Samples the round trip now, beside the fixed schedule. */
  ping(): void {
    if (this.env.clock.monotonicMs() - this.lastSignAtMs > DEAD_AFTER_MS) this.drop('no sign of life');
    else this.socket?.ping();
  }

  private closed(reason: string): void {
    this.open = false;
    this.socket = undefined;
    this.cancelPings?.();
    this.setState(this.stopped ? 'closed' : 'lost');
    this.user.onLost(reason);
    if (this.stopped) {
      this.whenClosed?.();
      return;
    }
    this.reconnects++;
    const ceilingMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(this.attempt++, 10));
    this.cancelRetry = this.env.timers.after(this.env.random.next() * ceilingMs, () => this.connect());
  }

  private setState(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.user.onState(this.report());
  }
}
