import { z } from 'zod';
import type { EndpointConnection, EndpointSession, PracticeHost } from '../host.ts';
import { refusal, VEST_CODES } from './codes.ts';
import type { VestRefusal } from './codes.ts';
import { DepthFeed } from './depth-feed.ts';
import type { ListenKeys } from './listen-keys.ts';
import type { MarketStatistics } from './market-data.ts';
import type { VestAccount, VestExchange } from './state.ts';
import type { WireOrderEvent } from './wire-orders.ts';

const command = z.object({
  method: z.enum(['PING', 'SUBSCRIBE', 'UNSUBSCRIBE']),
  params: z.array(z.string()).default([]),
  id: z.number().int().optional(),
});

const KLINE_CHANNEL = /^[^@]+@kline_\w+$/;

interface OpenSocket {
  connection: EndpointConnection;
  account: VestAccount | undefined;
  channels: Set<string>;
  /** Cancels what would close the socket later. */
  cancelTimers: Map<string, () => void>;
}

interface StreamParts {
  host: PracticeHost;
  exchange: VestExchange;
  listenKeys: ListenKeys;
  statistics: Map<string, MarketStatistics>;
}

/** The venue's WebSocket side: sockets, subscriptions and what is published on them. */
export class VestStreams {
  private readonly parts: StreamParts;
  private readonly sockets = new Set<OpenSocket>();
  private readonly depthFeeds = new Map<string, DepthFeed>();
  private readonly encoder = new TextEncoder();
  private cancelTickers: (() => void) | undefined;

  constructor(parts: StreamParts) {
    this.parts = parts;
    for (const market of parts.exchange.markets.values()) {
      const channel = `${market.symbol}@depth`;
      const feed = new DepthFeed(parts.host, market, parts.exchange.switches, {
        hasListeners: () => this.hasSubscriber(channel),
        send: (data) => this.publish(channel, data),
      });
      this.depthFeeds.set(market.symbol, feed);
    }
  }

  /** Serves one upgraded socket. Version, group and listen key are judged by close codes, as the venue does. */
  open(path: string, connection: EndpointConnection): EndpointSession {
    const socket: OpenSocket = { connection, account: undefined, channels: new Set(), cancelTimers: new Map() };
    const closing = this.admit(socket, new URL(path, 'http://venue').searchParams);
    if (closing) {
      const { host } = this.parts;
      host.schedule(host.nowUs(), () => connection.close(closing.code, closing.reason));
      return { onText: () => undefined, onClose: () => undefined };
    }
    this.sockets.add(socket);
    this.restartIdleTimer(socket);
    return {
      onText: (text) => this.onText(socket, text),
      onClose: () => this.forget(socket),
    };
  }

  onBook(symbol: string, touchChanged: boolean): void {
    this.depthFeeds.get(symbol)!.onBook(touchChanged);
  }

  publishTrade(symbol: string, trade: Record<string, string | number>): void {
    this.publish(`${symbol}@trades`, trade);
  }

  publishOrder(account: VestAccount, args: WireOrderEvent): void {
    const text = JSON.stringify({ channel: 'account_private', data: { event: 'ORDER', args } });
    for (const socket of this.sockets) {
      if (socket.account === account && socket.channels.has('account_private')) this.send(socket, text);
    }
  }

  stop(): void {
    this.cancelTickers?.();
    for (const feed of this.depthFeeds.values()) feed.stop();
    for (const socket of [...this.sockets]) this.forget(socket);
  }

  private admit(socket: OpenSocket, query: URLSearchParams): { code: number; reason: string } | undefined {
    const { switches } = this.parts.exchange;
    if (query.get('version') !== '1.0') return { code: 4000, reason: 'WRONG_VERSION' };
    const group = query.get('xwebsocketserver') ?? query.get('websocketserver');
    if (switches.socketGroup === 'required' && group !== `restserver${switches.accountGroup}`) {
      return /^restserver\d+$/.test(group ?? '')
        ? { code: 4002, reason: 'ACCOUNT_GROUP_INVALID' }
        : { code: 4001, reason: 'ACCOUNT_GROUP_NOT_FOUND' };
    }
    const listenKey = query.get('listenKey');
    if (listenKey === null) return undefined;
    const found = this.parts.listenKeys.look(listenKey, this.nowMs());
    if (found === 'unknown') return { code: 4004, reason: 'LISTEN_KEY_NOT_FOUND' };
    if (found === 'expired') return { code: 4005, reason: 'LISTEN_KEY_EXPIRED' };
    socket.account = found.account;
    if (switches.closeOnListenKeyExpiry) this.watchListenKey(socket, listenKey);
    return undefined;
  }

  /** Looks again when the key would run out, as it may have been extended. */
  private watchListenKey(socket: OpenSocket, listenKey: string): void {
    const found = this.parts.listenKeys.look(listenKey, this.nowMs());
    if (typeof found === 'string') {
      this.close(socket, 4005, 'LISTEN_KEY_EXPIRED');
      return;
    }
    const cancel = this.parts.host.schedule(found.expiresAtMs * 1000, () => this.watchListenKey(socket, listenKey));
    socket.cancelTimers.set('listenKey', cancel);
  }

  private restartIdleTimer(socket: OpenSocket): void {
    const { socketIdleTimeoutMs } = this.parts.exchange.switches;
    if (socketIdleTimeoutMs === 0) return;
    socket.cancelTimers.get('idle')?.();
    const atUs = this.parts.host.nowUs() + socketIdleTimeoutMs * 1000;
    const cancel = this.parts.host.schedule(atUs, () => this.close(socket, 1000, 'idle'));
    socket.cancelTimers.set('idle', cancel);
  }

  private onText(socket: OpenSocket, text: string): void {
    this.restartIdleTimer(socket);
    const parsed = command.safeParse(parseJson(text));
    if (!parsed.success) {
      this.sendError(socket, refusal(1130), undefined);
      return;
    }
    const { method, params, id } = parsed.data;
    if (method === 'PING') {
      const repeated = this.parts.exchange.switches.pongRepeatsId ? { id } : {};
      this.send(socket, JSON.stringify({ data: 'PONG', ...repeated }));
      return;
    }
    if (method === 'UNSUBSCRIBE') {
      for (const channel of params) socket.channels.delete(channel);
      this.send(socket, JSON.stringify({ result: null, id: id ?? null }));
      return;
    }
    this.subscribe(socket, params, id);
  }

  private subscribe(socket: OpenSocket, channels: readonly string[], id: number | undefined): void {
    if (channels.includes('account_private') && !socket.account) {
      this.close(socket, 4003, 'LISTEN_KEY_REQUIRED');
      return;
    }
    for (const channel of channels) {
      const cause = this.checkChannel(channel);
      if (cause) {
        this.sendError(socket, cause, id);
        return;
      }
    }
    for (const channel of channels) socket.channels.add(channel);
    this.send(socket, JSON.stringify({ result: null, id: id ?? null }));
    if (channels.includes('tickers')) this.startTickers();
    if (!this.parts.exchange.switches.snapshotOnSubscribe) return;
    for (const channel of channels) {
      const feed = channel.endsWith('@depth') ? this.depthFeeds.get(channel.slice(0, -'@depth'.length)) : undefined;
      const data = feed?.snapshot();
      if (data) this.send(socket, JSON.stringify({ channel, data }));
    }
  }

  /** Candle channels can be subscribed to, but a recording of minutes publishes none. */
  private checkChannel(channel: string): VestRefusal | undefined {
    if (channel === 'tickers' || channel === 'account_private') return undefined;
    const [symbol, stream] = channel.split('@');
    if (stream === undefined) return refusal(1130, channel);
    if (!this.parts.exchange.markets.has(symbol!)) return refusal(1121, channel);
    const known = stream === 'depth' || stream === 'trades' || KLINE_CHANNEL.test(channel);
    return known ? undefined : refusal(1130, channel);
  }

  private startTickers(): void {
    if (this.cancelTickers) return;
    const atUs = this.parts.host.nowUs() + this.parts.exchange.switches.tickerIntervalMs * 1000;
    this.cancelTickers = this.parts.host.schedule(atUs, () => {
      this.cancelTickers = undefined;
      if (!this.hasSubscriber('tickers')) return;
      this.publish(
        'tickers',
        [...this.parts.statistics.values()].map((market) => market.ticker()),
      );
      this.startTickers();
    });
  }

  private hasSubscriber(channel: string): boolean {
    for (const socket of this.sockets) if (socket.channels.has(channel)) return true;
    return false;
  }

  private publish(channel: string, data: unknown): void {
    if (!this.hasSubscriber(channel)) return;
    const text = JSON.stringify({ channel, data });
    for (const socket of this.sockets) if (socket.channels.has(channel)) this.send(socket, text);
  }

  private send({ connection }: OpenSocket, text: string): void {
    if (this.parts.exchange.switches.binaryFrames) connection.sendBinary(this.encoder.encode(text));
    else connection.sendText(text);
  }

  /** The form of a refused WebSocket call is not published; clients only look at `result`. */
  private sendError(socket: OpenSocket, { code, detail }: VestRefusal, id: number | undefined): void {
    const msg = detail === undefined ? VEST_CODES[code] : `${VEST_CODES[code]}: ${detail}`;
    this.send(socket, JSON.stringify({ error: { code, msg }, id: id ?? null }));
  }

  private close(socket: OpenSocket, code: number, reason: string): void {
    this.forget(socket);
    socket.connection.close(code, reason);
  }

  private forget(socket: OpenSocket): void {
    for (const cancel of socket.cancelTimers.values()) cancel();
    socket.cancelTimers.clear();
    this.sockets.delete(socket);
  }

  private nowMs(): number {
    return Math.floor(this.parts.host.nowUs() / 1000);
  }
}

/** The parsed text; undefined when it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
