import type { Env } from '../../env.ts';
import type {
  ConnectionReport,
  FillReport,
  MarketDataStatus,
  OrderRequest,
  OrderUpdate,
  VenueClient,
} from '../venue.ts';
import { createVestClient, type VestClientConfig } from './client.ts';
import {
  scriptedEnv,
  ScriptedNetwork,
  type ManualTime,
  type ScriptedAnswer,
  type ScriptedSocket,
} from './scripted-network.test-helper.ts';
import { createVestSigner } from './sign.ts';
import vectors from './vectors/vest-vectors.json' with { type: 'json' };
import type { VestOrderBody } from './wire.ts';

export const START_WALL_MS = Date.UTC(2026, 1, 11, 12);
export const FIRST_ORDER_ID = 7_000;

export const buyRequest: OrderRequest = {
  symbol: 'BTC-PERP',
  side: 'BUY',
  sizeE8: 3_000_000,
  limitPriceE8: 6_820_440_000_000,
  reduceOnly: false,
};

const exchangeInfo = {
  symbols: [
    {
      symbol: 'BTC-PERP',
      displayName: 'BTC-PERP',
      base: 'BTC',
      quote: 'USDC',
      sizeDecimals: 4,
      priceDecimals: 2,
      initMarginRatio: '0.0200',
      maintMarginRatio: '0.0100',
      takerFee: '0.0001',
      isolated: false,
    },
    {
      symbol: 'ETH-PERP',
      displayName: 'ETH-PERP',
      base: 'ETH',
      quote: 'USDC',
      sizeDecimals: 3,
      priceDecimals: 3,
      initMarginRatio: '0.0200',
      maintMarginRatio: '0.0100',
      takerFee: '0.0001',
      isolated: false,
    },
  ],
  exchange: { lp: '0x0', insurance: '0x0', collateralDecimals: 6 },
};

interface RunnableTime extends ManualTime {
  /** Runs every event up to then, microseconds. */
  run(untilUs: number): Promise<void>;
}

interface Notice {
  level: string;
  code: string;
  message: string;
}

/** A client on a scripted venue whose account, listen key and market list work; the test scripts the rest. */
export class ClientBench {
  readonly network: ScriptedNetwork;
  readonly client: VenueClient;
  readonly updates: OrderUpdate[] = [];
  readonly fills: FillReport[] = [];
  readonly notices: Notice[] = [];
  readonly statuses: MarketDataStatus[] = [];
  readonly connections: ConnectionReport[] = [];
  bookCalls = 0;
  /** Consulted before the standing answers. */
  script: (call: string, query: URLSearchParams, body: unknown) => ScriptedAnswer | undefined = () => undefined;
  private readonly time: RunnableTime;
  private nextId = FIRST_ORDER_ID;

  constructor(time: RunnableTime, base: Pick<Env, 'clock' | 'timers'>, config: Partial<VestClientConfig> = {}) {
    this.time = time;
    this.network = new ScriptedNetwork(time);
    this.network.answer = (call, query, body) => this.script(call, query, body) ?? this.standingAnswer(call);
    const signer = createVestSigner(vectors.keys.signing.privateKey);
    this.client = createVestClient({
      env: scriptedEnv(base, this.network),
      config: {
        restUrl: 'https://vest.test/v2',
        wsUrl: 'wss://vest.test/ws-api?version=1.0',
        apiKey: 'key',
        accountGroup: 3,
        symbols: ['BTC-PERP'],
        ...config,
      },
      signer: {
        sign: (request) => {
          if (request.kind === 'vest.order')
            return Promise.resolve({ signature: signer.signOrder(request), signMs: 0.1 });
          if (request.kind === 'vest.cancel')
            return Promise.resolve({ signature: signer.signCancel(request), signMs: 0.1 });
          throw new Error(`not a Vest request: ${request.kind}`);
        },
        close: () => Promise.resolve(),
      },
      ids: { next: () => this.nextId++ },
      listener: {
        onBook: () => this.bookCalls++,
        onMarketDataStatus: (_symbol, status) => this.statuses.push(status),
        onOrder: (update) => this.updates.push(update),
        onFill: (fill) => this.fills.push(fill),
        onConnection: (report) => this.connections.push(report),
        onNotice: (notice) => this.notices.push(notice),
      },
    });
  }

  get publicSocket(): ScriptedSocket {
    return this.network.sockets.findLast((socket) => !socket.isPrivate)!;
  }

  get privateSocket(): ScriptedSocket {
    return this.network.sockets.findLast((socket) => socket.isPrivate)!;
  }

  nowMs(): number {
    return this.time.nowUs() / 1000;
  }

  /** Runs for `forMs` of virtual time. */
  run(forMs: number): Promise<void> {
    return this.time.run(this.time.nowUs() + forMs * 1000);
  }

  after(delayMs: number, fn: () => void): void {
    this.time.at(this.time.nowUs() + delayMs * 1000, fn);
  }

  /** Start of a healthy client: sockets open, the first depth is there. Forgets the updates so far. */
  async start(): Promise<void> {
    const started = this.client.start();
    await this.run(200);
    this.publicSocket.open();
    this.privateSocket.open();
    this.depth();
    await this.run(200);
    await started;
    this.updates.length = 0;
  }

  async sendOrder(): Promise<void> {
    this.client.send(await this.client.prepare(buyRequest));
  }

  wallMs(): number {
    return START_WALL_MS + this.time.nowUs() / 1000;
  }

  depth(bid = '68000.00', ask = '68001.00'): void {
    const data = { bids: [[bid, '1.0000']], asks: [[ask, '1.0000']] };
    this.publicSocket.receive({ channel: 'BTC-PERP@depth', data });
  }

  orderEvent(args: object): void {
    this.privateSocket.receive({ channel: 'account_private', data: { event: 'ORDER', args } });
  }

  /** Bodies of the orders posted so far. */
  posted(): VestOrderBody[] {
    const posts = this.network.requests.filter(({ method, url }) => method === 'POST' && url.endsWith('/v2/orders'));
    return posts.map(({ body }) => JSON.parse(body!) as VestOrderBody);
  }

  calls(call: string): number {
    return this.network.requests.filter(({ method, url }) => `${method} ${new URL(url).pathname}` === call).length;
  }

  states(): string[] {
    return this.updates.map(({ state, source }) => `${state} ${source}`);
  }

  private standingAnswer(call: string): ScriptedAnswer | undefined {
    if (call === 'GET /exchangeInfo') return { body: exchangeInfo };
    if (call === 'GET /account')
      return { body: { positions: [], leverages: [], time: Math.floor(this.wallMs()) + 10 } };
    if (call === 'POST /account/listenKey') return { body: { listenKey: 'listen' } };
    if (call === 'PUT /account/listenKey') return { body: {} };
    if (call === 'GET /orders') return { body: [] };
    return undefined;
  }
}

/** One order as GET /orders lists it. */
export function orderRecord(fields: object): object {
  return {
    id: '0xa1',
    nonce: FIRST_ORDER_ID,
    symbol: 'BTC-PERP',
    isBuy: true,
    orderType: 'MARKET',
    limitPrice: '68204.40',
    markPrice: '68000.00',
    size: '0.0300',
    status: 'NEW',
    reduceOnly: false,
    initMarginRatio: '0.0200',
    lastFilledSize: null,
    lastFilledPrice: null,
    lastFilledTime: null,
    avgFilledPrice: null,
    settledFunding: null,
    fees: null,
    realizedPnl: null,
    postTime: START_WALL_MS + 200,
    tpPrice: null,
    slPrice: null,
    ...fields,
  };
}

export function fillFields(size: string, price: string, time: number, fees: string): object {
  return { lastFilledSize: size, lastFilledPrice: price, lastFilledTime: time, avgFilledPrice: price, fees };
}
