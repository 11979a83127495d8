import { z } from 'zod';
import { errorMessage } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { VenueListener } from '../venue.ts';
import type { VestSettings } from './config.ts';
import { INVALID_LISTEN_KEY_CODE } from './error-codes.ts';
import { socketUrl } from './market-data.ts';
import { VestAnswerError, type VestRest } from './rest.ts';
import { VestStream, type VestMessage, type VestStreamOwner } from './stream.ts';
import { accountPrivateSchema, listenKeySchema, type VestOrderEvent } from './wire.ts';

const CHANNEL = 'account_private';
const RENEWAL_RETRY_MS = 60_000;
/** The body of the answer is not documented. */
const listenKeyRenewedSchema = z.unknown();

/** Told to the order side. */
export interface PrivateStreamHandlers {
  onOrderEvent(event: VestOrderEvent, receivedAtMs: number): void;
  /** Events of the time without a connection are not replayed: read them over REST. Ready when it resolves. */
  resync(): Promise<void>;
  reportConnections(): void;
}

/** The private socket: listen key (asked for at each connection, renewed meanwhile), order events. */
export class VestPrivateStream implements VestStreamOwner {
  readonly name = 'private';
  readonly deadAfterMs: number;
  readonly stream: VestStream;
  private readonly env: Env;
  private readonly settings: VestSettings;
  private readonly rest: VestRest;
  private readonly listener: VenueListener;
  private readonly handlers: PrivateStreamHandlers;
  private subscribeId = Number.NaN;
  private cancelRenewal: () => void = () => undefined;
  private cancelSubscribeTimeout: () => void = () => undefined;

  constructor(
    env: Env,
    settings: VestSettings,
    rest: VestRest,
    listener: VenueListener,
    handlers: PrivateStreamHandlers,
  ) {
    this.env = env;
    this.settings = settings;
    this.rest = rest;
    this.listener = listener;
    this.handlers = handlers;
    this.deadAfterMs = settings.privateDeadAfterMs;
    this.stream = new VestStream(env, settings, this);
  }

  start(): void {
    this.stream.start();
  }

  stop(): void {
    this.cancelTimers();
    this.stream.stop();
  }

  /** POST returns the active listen key and extends it, or makes one: right for a first, lost, expired or unknown key. */
  async url(): Promise<string> {
    const { listenKey } = await this.rest.call(listenKeySchema, 'POST', '/account/listenKey');
    return socketUrl(this.settings, listenKey);
  }

  onOpen(): void {
    this.scheduleRenewal(this.settings.listenKeyRenewalMs);
    this.cancelSubscribeTimeout = this.env.timers.after(this.settings.requestTimeoutMs, () =>
      this.stream.replace(`${CHANNEL} was not confirmed`),
    );
    this.subscribeId = this.stream.command('SUBSCRIBE', [CHANNEL]);
  }

  onMessage(message: VestMessage, receivedAtMs: number): void {
    if (message.channel === CHANNEL) this.onEvent(message.data, receivedAtMs);
    else if (message.id === this.subscribeId && message.result === null) this.onSubscribed();
  }

  /** It may hide a fill: reconnecting reads the orders over REST. */
  onUnreadableFrame(): void {
    this.stream.replace('a frame could not be read');
  }

  onLost(): void {
    this.cancelTimers();
  }

  onStateChange(): void {
    this.handlers.reportConnections();
  }

  onNotice(code: string, message: string): void {
    this.listener.onNotice({ level: 'warn', code, message });
  }

  private onEvent(data: unknown, receivedAtMs: number): void {
    const event = accountPrivateSchema.safeParse(data);
    if (!event.success) {
      // As an unreadable frame.
      this.stream.replace(`an ${CHANNEL} event could not be read (${event.error.issues[0]?.message})`);
      return;
    }
    if (event.data.event === 'ORDER') this.handlers.onOrderEvent(event.data.args, receivedAtMs);
  }

  private onSubscribed(): void {
    this.cancelSubscribeTimeout();
    const { subscribeId } = this;
    this.handlers.resync().then(
      () => {
        if (subscribeId === this.subscribeId && this.stream.state === 'connecting') this.stream.markReady();
      },
      (error: unknown) => {
        if (subscribeId === this.subscribeId) this.stream.replace(`orders could not be read: ${errorMessage(error)}`);
      },
    );
  }

  private scheduleRenewal(delayMs: number): void {
    this.cancelRenewal = this.env.timers.after(delayMs, () => void this.renew());
  }

  private async renew(): Promise<void> {
    const { subscribeId } = this;
    try {
      await this.rest.call(listenKeyRenewedSchema, 'PUT', '/account/listenKey');
      if (subscribeId === this.subscribeId) this.scheduleRenewal(this.settings.listenKeyRenewalMs);
    } catch (error) {
      if (subscribeId !== this.subscribeId) return;
      if (error instanceof VestAnswerError && error.vestCode === INVALID_LISTEN_KEY_CODE) {
        this.stream.replace('the listen key expired');
        return;
      }
      this.onNotice(
        'HS_VEST_LISTEN_KEY',
        `The Vest listen key was not renewed: ${errorMessage(error)} Tried again in 60 s.`,
      );
      this.scheduleRenewal(RENEWAL_RETRY_MS);
    }
  }

  private cancelTimers(): void {
    this.subscribeId = Number.NaN;
    this.cancelRenewal();
    this.cancelSubscribeTimeout();
  }
}
