import { errorMessage } from '../../core/errors.ts';
import type { Env, Socket } from '../../env.ts';
import type { ConnectionReport, ConnectionState } from '../venue.ts';
import type { VestFeedSettings } from './config.ts';
import { VEST_CLOSE_CODES } from './error-codes.ts';
import { frameText } from './frame.ts';
import { parseBody } from './rest.ts';
import { RoundTrips } from '../round-trips.ts';
import type { VestSocketCommand } from './wire.ts';

/** WebSocket pings cost the venue nothing: they give the round trips more samples than Vest's own PING. */
const WEBSOCKET_PINGS_PER_PING = 3;

/** A message of the venue: channel data, or the answer to one of our commands. */
export interface VestMessage {
  channel?: string;
  data?: unknown;
  id?: number;
  result?: unknown;
}

export interface VestStreamOwner {
  /** As in ConnectionReport: "market data", "private". */
  readonly name: string;
  readonly deadAfterMs: number;
  /** Asked before each attempt (the private one fetches its listen key). */
  url(): Promise<string>;
  onOpen(): void;
  onMessage(message: VestMessage, receivedAtMs: number): void;
  /** A frame that is no JSON object in any known encoding. */
  onUnreadableFrame(): void;
  onLost(): void;
  onStateChange(): void;
  onNotice(code: string, message: string): void;
}

/**
 * One WebSocket that comes back: exponential back-off with full jitter, pings (Vest's own PING and WebSocket ping, both
 * counted as round trips), replacement when silent. The owner subscribes in `onOpen` and calls `markReady` when it is in step.
 */
export class VestStream {
  private readonly env: Env;
  private readonly settings: VestFeedSettings;
  private readonly owner: VestStreamOwner;
  private readonly rtt = new RoundTrips();
  private socket: Socket | undefined;
  private currentState: ConnectionState = 'connecting';
  private attempt = 0;
  /** Rises with each connection: callbacks of an earlier one are ignored. */
  private generation = 0;
  private stopped = false;
  private reconnects = 0;
  private nextCommandId = 1;
  private lastFrameAtMs = Number.NaN;
  private pingSentAtMs: number | undefined;
  private cancelTimers: (() => void)[] = [];
  private cancelRetry: () => void = () => undefined;

  constructor(env: Env, settings: VestFeedSettings, owner: VestStreamOwner) {
    this.env = env;
    this.settings = settings;
    this.owner = owner;
  }

  get state(): ConnectionState {
    return this.currentState;
  }

  start(): void {
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.cancelRetry();
    this.teardown();
    this.setState('closed');
  }

  markReady(): void {
    this.attempt = 0;
    this.setState('ready');
  }

  /** Sends a command and returns its id; `{"result":null,"id"}` answers it. */
  command(method: VestSocketCommand['method'], params: string[]): number {
    const id = this.nextCommandId++;
    try {
      this.socket?.sendText(JSON.stringify({ method, params, id } satisfies VestSocketCommand));
    } catch {
      // The error's text names the address, and with it the listen key.
      this.replace('it was closing while a command was sent');
    }
    return id;
  }

  /** Gives the present connection up and opens another. */
  replace(reason: string): void {
    this.onClosed(this.generation, 1000, reason);
  }

  report(): Omit<ConnectionReport, 'venue'> {
    const ageMs = this.env.clock.monotonicMs() - this.lastFrameAtMs;
    return {
      name: this.owner.name,
      transport: 'websocket',
      state: this.currentState,
      ...this.rtt.summary(),
      reconnects: this.reconnects,
      lastFrameAgeMs: Number.isNaN(ageMs) ? undefined : ageMs,
    };
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation;
    const isCurrent = (): boolean => generation === this.generation && !this.stopped;
    try {
      const url = await this.owner.url();
      if (isCurrent()) this.socket = this.open(url, generation, isCurrent);
    } catch (error) {
      this.onClosed(generation, 1006, errorMessage(error));
    }
  }

  private open(url: string, generation: number, isCurrent: () => boolean): Socket {
    return this.env.network.openSocket(
      { url, openTimeoutMs: this.settings.openTimeoutMs },
      {
        onOpen: () => {
          if (isCurrent()) this.onOpened();
        },
        onText: (text, receivedAtMs) => {
          if (isCurrent()) this.onFrame(text, receivedAtMs);
        },
        onBinary: (bytes, receivedAtMs) => {
          if (isCurrent()) this.onFrame(frameText(bytes), receivedAtMs);
        },
        onClose: (code, reason) => this.onClosed(generation, code, reason),
        onPong: (roundTripMs) => {
          if (isCurrent()) this.rtt.add(roundTripMs);
        },
      },
    );
  }

  private onOpened(): void {
    this.lastFrameAtMs = this.env.clock.monotonicMs();
    this.cancelTimers = [
      this.env.timers.every(this.settings.pingPeriodMs, () => this.ping()),
      this.env.timers.every(this.settings.pingPeriodMs / WEBSOCKET_PINGS_PER_PING, () => this.socket?.ping()),
      this.env.timers.every(this.owner.deadAfterMs / 4, () => this.checkAlive()),
    ];
    this.owner.onOpen();
    this.ping();
  }

  private onFrame(text: string | undefined, receivedAtMs: number): void {
    this.lastFrameAtMs = receivedAtMs;
    const message = text === undefined ? undefined : parseBody(text);
    if (typeof message !== 'object' || message === null) {
      this.owner.onUnreadableFrame();
      return;
    }
    const { data } = message as VestMessage;
    if (typeof data === 'string' && data.toUpperCase() === 'PONG') {
      if (this.pingSentAtMs !== undefined) this.rtt.add(receivedAtMs - this.pingSentAtMs);
      this.pingSentAtMs = undefined;
      return;
    }
    this.owner.onMessage(message as VestMessage, receivedAtMs);
  }

  private ping(): void {
    this.pingSentAtMs = this.env.clock.monotonicMs();
    this.command('PING', []);
    this.owner.onStateChange();
  }

  private checkAlive(): void {
    const silentMs = this.env.clock.monotonicMs() - this.lastFrameAtMs;
    if (silentMs >= this.owner.deadAfterMs) this.replace(`silent for ${Math.round(silentMs)} ms`);
  }

  private onClosed(generation: number, code: number, reason: string): void {
    if (generation !== this.generation || this.stopped) return;
    this.teardown();
    const wasReady = this.currentState === 'ready';
    this.setState('lost');
    if (wasReady) this.reconnects++;
    const name = VEST_CLOSE_CODES[code];
    this.owner.onNotice(
      'HS_VEST_SOCKET_LOST',
      `The ${this.owner.name} socket of Vest closed: ${name ? `${code} ${name}` : code} ${reason}`.trimEnd() +
        '. It reconnects.',
    );
    this.owner.onLost();
    const ceilingMs = Math.min(this.settings.reconnectCapMs, this.settings.reconnectBaseMs * 2 ** this.attempt++);
    this.cancelRetry = this.env.timers.after(this.env.random.next() * ceilingMs, () => {
      this.setState('connecting');
      void this.connect();
    });
  }

  /** After it, nothing of the present connection is listened to any more. */
  private teardown(): void {
    this.generation++;
    for (const cancel of this.cancelTimers) cancel();
    this.cancelTimers = [];
    this.pingSentAtMs = undefined;
    this.socket?.close();
    this.socket = undefined;
  }

  private setState(state: ConnectionState): void {
    if (state === this.currentState) return;
    this.currentState = state;
    this.owner.onStateChange();
  }
}
