import type { PracticeHost } from '../host.ts';
import { FeedFrames } from './feed-frames.ts';
import type { AccountState, ExchangeOutput, ExchangeState, OrderState } from './exchange/state.ts';
import { step, type ExchangeInput } from './exchange/step.ts';
import { LatenessRecorder } from './lateness.ts';
import { OrderEntry } from './order-entry.ts';
import { RateLimits } from './rate-limits.ts';
import type { ParadexVerifier } from './signatures/verifier.ts';
import { TokenBook } from './tokens.ts';

/** One subscriber of the venue's streams. */
export interface StreamConsumer {
  onOutput(output: ExchangeOutput): void;
}

/** What REST and WebSocket share: the exchange's state, its one entry for changes, tokens, order entry, subscribers. */
export class ParadexVenue {
  readonly host: PracticeHost;
  readonly state: ExchangeState;
  readonly verifier: ParadexVerifier;
  readonly tokens: TokenBook;
  readonly orders: OrderEntry;
  readonly lateness = new LatenessRecorder();
  readonly rates: RateLimits;
  readonly frames: FeedFrames;
  readonly consumers = new Set<StreamConsumer>();

  constructor(options: {
    host: PracticeHost;
    state: ExchangeState;
    verifier: ParadexVerifier;
    processingUs: number;
    ackToFillLagUs: number;
  }) {
    const { host, state, verifier } = options;
    this.host = host;
    this.state = state;
    this.verifier = verifier;
    this.tokens = new TokenBook(() => host.random());
    this.rates = new RateLimits(() => host.nowUs());
    this.frames = new FeedFrames(state.switches.frameTimeResolutionUs);
    this.orders = new OrderEntry({
      ...options,
      lateness: this.lateness,
      publish: (outputs) => this.publish(outputs),
    });
  }

  nowS(): number {
    return Math.floor(this.host.nowUs() / 1_000_000);
  }

  /** Changes the exchange and streams what follows. */
  apply(input: ExchangeInput): void {
    this.orders.stream(step(this.state, this.host.nowUs(), input));
  }

  publish(outputs: ExchangeOutput[]): void {
    for (const output of outputs) for (const consumer of this.consumers) consumer.onOutput(output);
  }

  account(address: string): AccountState {
    return this.state.accounts.get(address)!;
  }

  /** Resting orders of an account, in one market or all, oldest first. */
  openOrders(address: string, market?: string): OrderState[] {
    return [...this.state.markets.values()]
      .filter(({ symbol }) => market === undefined || symbol === market)
      .flatMap(({ resting }) => resting.filter((order) => order.account === address));
  }

  openOrderByClientId(address: string, clientId: string, market?: string): OrderState | undefined {
    return this.openOrders(address, market).find(({ terms }) => terms.clientId === clientId);
  }
}
