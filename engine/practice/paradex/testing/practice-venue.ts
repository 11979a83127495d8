import { getStarkKey, sign } from '@scure/starknet';
import type { EndpointResponse, FeeSchedule } from '../../host.ts';
import { createPracticeParadexAccounts, type PracticeParadexAccount } from '../accounts.ts';
import { createParadexEndpoint, type ParadexEndpoint } from '../endpoint.ts';
import { messageHash, type SignedMessage } from '../signatures/message-hash.ts';
import { createInlineVerifier, type ParadexVerifier } from '../signatures/verifier.ts';
import type { ParadexPracticeSwitches } from '../switches.ts';
import { SYSTEM_CONFIG } from '../system-config.ts';
import { FakeMarket } from './fake-market.ts';
import { VirtualHost } from './virtual-host.ts';

export const SYMBOL = 'BTC-USD-PERP';
export const START_US = 1_795_000_000_000_000;
export const PROCESSING_US = 10_000;
const ACCOUNTS = createPracticeParadexAccounts(2, 'tests');

export type Json = Record<string, unknown>;

export interface OrderFields {
  side?: 'BUY' | 'SELL';
  type?: 'LIMIT' | 'MARKET';
  size?: string;
  price?: string;
  [field: string]: unknown;
}

/** One WebSocket as a test sees it. */
export class TestSocket {
  readonly texts: string[] = [];
  readonly frames: Uint8Array[] = [];
  closeCode: number | undefined;
  send: (message: Json) => void = () => undefined;
  sendRaw: (text: string) => void = () => undefined;
  drop: () => void = () => undefined;

  /** All texts so far, parsed. */
  messages(): Json[] {
    return this.texts.map((text) => JSON.parse(text) as Json);
  }

  reply(id: number): Json | undefined {
    return this.messages().find((message) => message.id === id);
  }

  /** Data of the pushes on a channel. */
  pushes(channel: string): Json[] {
    return this.messages()
      .filter(({ method }) => method === 'subscription')
      .map(({ params }) => params as { channel: string; data: Json })
      .filter((params) => params.channel === channel)
      .map(({ data }) => data);
  }
}

/** A whole practice Paradex on a virtual clock with one hand-moved market and two accounts; the second is not onboarded. */
export class PracticeVenue {
  readonly host = new VirtualHost(START_US);
  readonly market = new FakeMarket();
  readonly endpoint: ParadexEndpoint;
  readonly account = ACCOUNTS[0]!;
  readonly stranger = ACCOUNTS[1]!;

  constructor(
    options: {
      fees?: FeeSchedule;
      switches?: Partial<ParadexPracticeSwitches>;
      ackToFillLagUs?: number;
      verifier?: ParadexVerifier;
    } = {},
  ) {
    this.endpoint = createParadexEndpoint({
      host: this.host,
      markets: [{ symbol: SYMBOL, market: this.market }],
      accounts: [this.account],
      fees: options.fees ?? { kind: 'published' },
      orderProcessingUs: PROCESSING_US,
      ackToFillLagUs: options.ackToFillLagUs ?? 0,
      verifier: options.verifier ?? createInlineVerifier(),
      switches: options.switches,
    });
    const bids: [number, number][] = [
      [60_000, 2],
      [59_999.9, 3],
      [59_000, 50],
    ];
    const asks: [number, number][] = [
      [60_000.1, 1],
      [60_000.2, 2],
      [61_000, 50],
    ];
    this.market.set(START_US, bids, asks);
  }

  /** Sends a request; the answer must come at once or within `advanceUs`. */
  rest(
    method: string,
    path: string,
    options: { token?: string; body?: unknown; headers?: Record<string, string>; advanceUs?: number } = {},
  ): EndpointResponse & { json: Json } {
    const answers: EndpointResponse[] = [];
    const authorization: Record<string, string> =
      options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
    const headers = { ...authorization, ...options.headers };
    const body = options.body === undefined ? '' : JSON.stringify(options.body);
    this.endpoint.http({ method, path, headers, body }, (answer) => answers.push(answer));
    this.host.advance(options.advanceUs ?? PROCESSING_US);
    if (answers.length !== 1) throw new Error(`${method} ${path} was answered ${answers.length} times`);
    const answer = answers[0]!;
    return { ...answer, json: (answer.body === '' ? {} : JSON.parse(answer.body)) as Json };
  }

  sign(message: SignedMessage, account: PracticeParadexAccount = this.account, key = account.l2PrivateKey): string {
    const hash = messageHash(message, BigInt(account.address), SYSTEM_CONFIG.starknet_chain_id);
    const { r, s } = sign(hash.toString(16), key);
    return JSON.stringify([r.toString(), s.toString()]);
  }

  authHeaders(account: PracticeParadexAccount = this.account, key = account.l2PrivateKey): Record<string, string> {
    const timestampS = Math.floor(this.host.nowUs() / 1_000_000);
    const expirationS = timestampS + 1800;
    return {
      'paradex-starknet-account': account.address,
      'paradex-starknet-signature': this.sign({ kind: 'auth', timestampS, expirationS }, account, key),
      'paradex-timestamp': String(timestampS),
      'paradex-signature-expiration': String(expirationS),
    };
  }

  token(usage: '' | '?token_usage=interactive' = ''): string {
    return this.rest('POST', `/v1/auth${usage}`, { headers: this.authHeaders(), advanceUs: 0 }).json
      .jwt_token as string;
  }

  onboard(account: PracticeParadexAccount): EndpointResponse & { json: Json } {
    return this.rest('POST', '/v1/onboarding', {
      headers: {
        'paradex-ethereum-account': account.ethAddress,
        'paradex-starknet-account': account.address,
        'paradex-starknet-signature': this.sign({ kind: 'onboarding' }, account),
      },
      body: { public_key: getStarkKey(account.l2PrivateKey) },
    });
  }

  /** A signed order as the body of POST /orders or params of order.create; given fields win. */
  order(fields: OrderFields = {}, key = this.account.l2PrivateKey): Json {
    const { side = 'BUY', type = 'LIMIT', size = '0.5', price = type === 'MARKET' ? '0' : '60000.1' } = fields;
    const timestampMs = Number(fields.signature_timestamp ?? Math.floor(this.host.nowUs() / 1000));
    const scaled = (decimal: string): bigint => BigInt(Math.round(Number(decimal) * 1e8));
    const message = {
      kind: 'order' as const,
      timestampMs,
      market: SYMBOL,
      side,
      type,
      sizeE8: scaled(size),
      priceE8: scaled(price),
    };
    const signature = this.sign(message, this.account, key);
    const instruction = 'IOC';
    const signed = { signature, signature_timestamp: timestampMs };
    return { market: SYMBOL, side, type, size, price, instruction, ...signed, ...fields };
  }

  connect(path = '/v1'): TestSocket {
    const socket = new TestSocket();
    const upgrade = this.endpoint.upgrade(
      { path, headers: {} },
      {
        sendText: (text) => socket.texts.push(text),
        sendBinary: (bytes) => socket.frames.push(bytes.slice()),
        close: (code) => {
          socket.closeCode = code;
          if (upgrade.accepted) upgrade.session.onClose();
        },
      },
    );
    if (!upgrade.accepted) throw new Error(`upgrade refused with ${upgrade.status}`);
    socket.send = (message) => upgrade.session.onText(JSON.stringify({ jsonrpc: '2.0', ...message }));
    socket.sendRaw = (text) => upgrade.session.onText(text);
    socket.drop = () => upgrade.session.onClose();
    return socket;
  }

  /** A JSON connection, logged in and subscribed to the private channels. */
  tradingSocket(usage: '' | '?token_usage=interactive' = ''): TestSocket {
    const socket = this.connect();
    socket.send({ id: 1, method: 'auth', params: { bearer: this.token(usage) } });
    ['orders.ALL', 'fills.ALL', 'positions', 'account', 'balance_events'].forEach((channel, index) => {
      socket.send({ id: 2 + index, method: 'subscribe', params: { channel } });
    });
    return socket;
  }
}

/** Sends a signed order over the socket. */
export function createOrder(venue: PracticeVenue, socket: TestSocket, id: number, fields: OrderFields = {}) {
  socket.send({ id, method: 'order.create', params: venue.order(fields) });
}

/** Subscribes with the ids 100, 101, ... */
export function subscribe(socket: TestSocket, ...channels: string[]): void {
  channels.forEach((channel, index) => socket.send({ id: 100 + index, method: 'subscribe', params: { channel } }));
}

/** The order in a reply to `order.create`. */
export function orderOf(reply: Json | undefined): Json {
  return (reply!.result as { order: Json }).order;
}
