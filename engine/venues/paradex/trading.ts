import { ZodError } from 'zod';
import { errorMessage, HalfspreadError } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { VenueListener } from '../venue.ts';
import type { OrderTracker } from './order-tracker.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';
import { isPush, parseRpcMessage, RpcCallError, RpcCalls } from './rpc.ts';
import { decodePrivateFrame } from './sbe-private.ts';
import { fillSchema, orderCreateResultSchema, orderSchema } from './wire.ts';
import type { RpcPush } from './wire.ts';

/** A connection without subscription is closed by the venue; positions and account also keep a quiet one visibly alive. */
const PRIVATE_CHANNELS = ['orders.ALL', 'fills.ALL', 'positions', 'account'];
/** Re-arming cancel-on-disconnect is harmless, and its answer is a fresh sample of the venue's clock. */
const CLOCK_SAMPLE_EVERY_MS = 15_000;

export interface TradingOptions {
  env: Env;
  wsUrl: string;
  cancelOnDisconnect: boolean;
  listener: VenueListener;
  tracker: OrderTracker;
  /** `renewed`: the last one was refused, another is needed. */
  token(renewed: boolean): Promise<string>;
  onServerTimes(sentAtMs: number, receivedAtMs: number, usIn: number, usOut: number): void;
  /** The order path is ready (again). */
  onReady(): void;
}

/** The trading connection, JSON both ways: login, orders out, orders and fills in. */
export class Trading {
  readonly socket: ReconnectingSocket;
  private readonly options: TradingOptions;
  private readonly calls: RpcCalls;
  private cancelSampling: (() => void) | undefined;
  private tokenRefused = false;
  /** Counts connections: what was started for an earlier one must not touch the present one. */
  private connection = 0;

  constructor(options: TradingOptions) {
    this.options = options;
    this.socket = new ReconnectingSocket(
      options.env,
      { name: 'trading', url: options.wsUrl },
      {
        onOpen: () => this.setUp(),
        onText: (text, receivedAtMs) => this.onText(text, receivedAtMs),
        onBinary: (frame, receivedAtMs) => this.onBinary(frame, receivedAtMs),
        onLost: (reason) => this.onLost(reason),
        onState: (report) => options.listener.onConnection(report),
      },
    );
    this.calls = new RpcCalls(options.env.timers, (text) => this.socket.send(text), options.onServerTimes);
  }

  start(): void {
    this.socket.start();
    this.cancelSampling = this.options.env.timers.every(CLOCK_SAMPLE_EVERY_MS, () => this.sampleClock());
  }

  stop(): Promise<void> {
    this.cancelSampling?.();
    return this.socket.stop();
  }

  takeCallId(): number {
    return this.calls.takeId();
  }

  /** Hands the finished text over; returns t4. @throws NetworkError HS_NET_NOT_CONNECTED: nothing was sent. */
  sendOrder(text: string, callId: number, orderId: number): number {
    const t4HandedOverMs = this.socket.send(text);
    this.calls.register(callId, t4HandedOverMs, (outcome) => {
      // A lost connection is told to the tracker once, for all its orders.
      if (outcome.kind === 'lost') return;
      const { reply, receivedAtMs } = outcome;
      this.options.tracker.replied(orderId, reply, orderCreateResultSchema.safeParse(reply.result).data, receivedAtMs);
    });
    return t4HandedOverMs;
  }

  /** Resolves when the venue took the request: the cancel itself shows on the stream. */
  async cancel(clientId: string, market: string): Promise<void> {
    await this.calls.call('order.cancel', { client_id: clientId, market });
  }

  private setUp(): void {
    const connection = ++this.connection;
    this.logInAndSubscribe(connection).catch((error: unknown) => {
      if (!this.isPresent(connection)) return;
      const level = error instanceof RpcCallError ? 'error' : 'warn';
      this.options.listener.onNotice({ level, code: 'HS_PARADEX_TRADING_SETUP', message: errorMessage(error) });
      this.socket.drop('set-up failed');
    });
  }

  private async logInAndSubscribe(connection: number): Promise<void> {
    const bearer = await this.options.token(this.tokenRefused);
    if (!this.isPresent(connection)) return;
    this.tokenRefused = true;
    await this.calls.call('auth', { bearer });
    this.tokenRefused = false;
    await Promise.all([
      this.armCancelOnDisconnect(),
      ...PRIVATE_CHANNELS.map((channel) => this.calls.call('subscribe', { channel })),
    ]);
    this.socket.ready();
    this.options.onReady();
  }

  private isPresent(connection: number): boolean {
    return this.socket.isOpen && this.connection === connection;
  }

  private armCancelOnDisconnect(): Promise<unknown> {
    return this.calls.call('order.cancel_on_disconnect', { enabled: this.options.cancelOnDisconnect });
  }

  private sampleClock(): void {
    if (!this.socket.isReady) return;
    const connection = this.connection;
    this.armCancelOnDisconnect().catch((error: unknown) => {
      if (!this.isPresent(connection)) return;
      this.options.listener.onNotice({ level: 'warn', code: 'HS_PARADEX_CLOCK', message: errorMessage(error) });
    });
  }

  private onText(text: string, receivedAtMs: number): void {
    try {
      const message = parseRpcMessage(text);
      if (isPush(message)) this.onPush(message, receivedAtMs);
      else this.calls.handleReply(message, receivedAtMs);
    } catch (error) {
      this.unreadable(error);
    }
  }

  private onPush({ params }: RpcPush, receivedAtMs: number): void {
    if (params.channel.startsWith('orders')) {
      this.options.tracker.onOrder(orderSchema.parse(params.data), receivedAtMs);
    } else if (params.channel.startsWith('fills')) {
      this.options.tracker.onFill(fillSchema.parse(params.data), receivedAtMs);
    }
  }

  private onBinary(frame: Uint8Array, receivedAtMs: number): void {
    try {
      const event = decodePrivateFrame(frame);
      if (event?.kind === 'order') this.options.tracker.onOrder(event.order, receivedAtMs);
      if (event?.kind === 'fill') this.options.tracker.onFill(event.fill, receivedAtMs);
    } catch (error) {
      this.unreadable(error);
    }
  }

  /** The order concerned, if any, ends in doubt by its time-out and is asked for. Other errors are bugs and go up. */
  private unreadable(error: unknown): void {
    if (!(error instanceof HalfspreadError || error instanceof ZodError)) throw error;
    this.options.listener.onNotice({ level: 'error', code: 'HS_PARADEX_MESSAGE', message: errorMessage(error) });
  }

  private onLost(reason: string): void {
    this.calls.lost(reason);
    this.options.tracker.connectionLost(reason);
  }
}
