import { RPC_ERROR } from '../../venues/paradex/wire.ts';
import { ALL_MARKETS, isPrivate, parseChannel, type Channel } from './channels.ts';
import type { ExchangeOutput, MarketState } from './exchange/state.ts';
import { RpcFailure } from './rpc-failure.ts';
import type { SbeVersion } from './sbe-encode.ts';
import type { ParadexVenue, StreamConsumer } from './venue.ts';
import { accountView, balanceEventView, fillView, positionView } from './views/account-view.ts';
import { orderView } from './views/order-view.ts';
import type { WireValue } from './wire-json.ts';

interface Subscription {
  name: string;
  channel: Channel;
  stop(): void;
}

export interface SubscriptionsOptions {
  venue: ParadexVenue;
  /** Undefined on a JSON connection, where public channels do not stream. */
  sbeVersion: SbeVersion | undefined;
  account(): string | undefined;
  pushJson(channel: string, data: WireValue): void;
  pushBinary(frame: Uint8Array): void;
}

/** The channels one connection listens to, and what it gets to hear on them. */
export class Subscriptions implements StreamConsumer {
  private readonly options: SubscriptionsOptions;
  private readonly byName = new Map<string, Subscription>();

  constructor(options: SubscriptionsOptions) {
    this.options = options;
  }

  get size(): number {
    return this.byName.size;
  }

  /** Adds a channel; returns what starts its stream, to be called after the reply. @throws RpcFailure */
  add(name: string): () => void {
    const { venue, sbeVersion } = this.options;
    if (this.byName.has(name)) throw new RpcFailure(RPC_ERROR.method, 'already subscribed', name);
    const parsed = parseChannel(name, (symbol) => venue.state.markets.has(symbol));
    if (!parsed.ok) throw new RpcFailure(RPC_ERROR.invalidRequest, 'invalid subscribe request', parsed.data);
    const { channel } = parsed;
    if (isPrivate(channel)) {
      if (this.options.account() === undefined) throw new RpcFailure(RPC_ERROR.notAuthenticated, 'not authenticated');
    } else if (sbeVersion === undefined && venue.state.switches.publicSubscribeWithoutSbe === 'refused') {
      throw new RpcFailure(RPC_ERROR.invalidRequest, 'invalid subscribe request', 'public channels need SBE');
    }
    this.refuseSecondBook(name, channel);
    const subscription: Subscription = { name, channel, stop: () => undefined };
    this.byName.set(name, subscription);
    return () => this.start(subscription);
  }

  /** @throws RpcFailure when the channel is not subscribed. */
  remove(name: string): void {
    const subscription = this.byName.get(name);
    if (subscription === undefined) throw new RpcFailure(RPC_ERROR.method, 'not subscribed', name);
    subscription.stop();
    this.byName.delete(name);
  }

  close(): void {
    for (const subscription of this.byName.values()) subscription.stop();
    this.byName.clear();
  }

  onOutput(output: ExchangeOutput): void {
    switch (output.kind) {
      case 'book':
      case 'trade':
        this.pushPublic(output);
        return;
      case 'order':
      case 'fill':
      case 'position':
      case 'account':
      case 'balance':
        this.pushPrivate(output);
        return;
      case 'accepted':
      case 'refused':
        return;
    }
  }

  /** Binary frames name the market but not the channel, so one connection holds one book per market. */
  private refuseSecondBook(name: string, channel: Channel): void {
    if (channel.kind !== 'deltas' && channel.kind !== 'snapshots') return;
    for (const other of this.byName.values()) {
      const isBook = other.channel.kind === 'deltas' || other.channel.kind === 'snapshots';
      if (isBook && 'market' in other.channel && other.channel.market === channel.market) {
        const data = `${name} cannot share an SBE session with ${other.name}`;
        throw new RpcFailure(RPC_ERROR.invalidRequest, 'invalid subscribe request', data);
      }
    }
  }

  private start(subscription: Subscription): void {
    const { venue, sbeVersion, pushBinary } = this.options;
    const { channel } = subscription;
    if (sbeVersion === undefined || !('market' in channel) || isPrivate(channel)) return;
    for (const market of this.marketsOf(channel.market)) {
      if (!market.market.isOpen()) continue;
      if (channel.kind === 'bbo') pushBinary(venue.frames.currentBbo(market, sbeVersion));
      if (channel.kind === 'deltas') pushBinary(venue.frames.snapshot(market, sbeVersion));
      if (channel.kind === 'summary') pushBinary(venue.frames.summary(market, sbeVersion));
      if (channel.kind === 'snapshots') this.repeatSnapshots(subscription, market, channel.periodMs, sbeVersion);
    }
  }

  private repeatSnapshots(
    subscription: Subscription,
    market: MarketState,
    periodMs: number,
    version: SbeVersion,
  ): void {
    const { venue, pushBinary } = this.options;
    let lastSequence = -1;
    const push = (): void => {
      if (market.bookSequence !== lastSequence) pushBinary(venue.frames.topSnapshot(market, version));
      lastSequence = market.bookSequence;
      subscription.stop = venue.host.schedule(venue.host.nowUs() + periodMs * 1000, push);
    };
    push();
  }

  private marketsOf(market: string): MarketState[] {
    const { markets } = this.options.venue.state;
    return market === ALL_MARKETS ? [...markets.values()] : [markets.get(market)!];
  }

  private pushPublic(output: Extract<ExchangeOutput, { kind: 'book' | 'trade' }>): void {
    const { sbeVersion, venue, pushBinary } = this.options;
    if (sbeVersion === undefined) return;
    const market = venue.state.markets.get(output.symbol)!;
    for (const { channel } of this.byName.values()) {
      if (!('market' in channel) || (channel.market !== output.symbol && channel.market !== ALL_MARKETS)) continue;
      if (output.kind === 'trade') {
        if (channel.kind === 'trades') pushBinary(venue.frames.trade(output, sbeVersion));
      } else if (channel.kind === 'deltas') {
        if (!output.snapshot || venue.state.switches.snapshotAfterGap) {
          pushBinary(venue.frames.book(output, sbeVersion));
        }
      } else if (channel.kind === 'bbo' && output.touch !== undefined) {
        const { atUs, sequence, touch, symbol } = output;
        pushBinary(venue.frames.bbo({ atUs, sequence, ...touch, symbol }, sbeVersion));
      } else if (channel.kind === 'summary' && output.touch !== undefined) {
        pushBinary(venue.frames.summary(market, sbeVersion));
      }
    }
  }

  private pushPrivate(
    output: Extract<ExchangeOutput, { kind: 'order' | 'fill' | 'position' | 'account' | 'balance' }>,
  ): void {
    const { venue, pushJson } = this.options;
    const owner = ownerOf(output);
    if (owner !== this.options.account()) return;
    for (const { name, channel } of this.byName.values()) {
      switch (output.kind) {
        case 'order':
          if (covers(channel, 'orders', output.order.terms.market)) {
            pushJson(this.echo(name, output.order.terms.market), orderView(output.order, venue.host.nowUs()));
          }
          break;
        case 'fill':
          if (covers(channel, 'fills', output.fill.market)) {
            pushJson(this.echo(name, output.fill.market), fillView(venue.state, output.fill));
          }
          break;
        case 'position':
          if (channel.kind === 'positions') pushJson(name, positionView(venue.state, owner, output.position));
          break;
        case 'account':
          if (channel.kind === 'account') pushJson(name, accountView(venue.state, venue.account(owner)));
          break;
        case 'balance':
          if (channel.kind === 'balance_events') {
            pushJson(name, balanceEventView(output.fill, output.beforeE16, output.afterE16));
          }
          break;
      }
    }
  }

  private echo(name: string, market: string): string {
    if (this.options.venue.state.switches.allChannelEcho === 'subscribed') return name;
    return name.replace(/\.ALL$/, `.${market}`);
  }
}

function ownerOf(
  output: Extract<ExchangeOutput, { kind: 'order' | 'fill' | 'position' | 'account' | 'balance' }>,
): string {
  switch (output.kind) {
    case 'order':
      return output.order.account;
    case 'fill':
      return output.fill.account;
    case 'position':
    case 'account':
    case 'balance':
      return output.account;
  }
}

function covers(channel: Channel, kind: 'orders' | 'fills', market: string): boolean {
  return channel.kind === kind && (channel.market === market || channel.market === ALL_MARKETS);
}
