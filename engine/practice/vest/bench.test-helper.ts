import { Wallet, getBytes } from 'ethers';
import type {
  EndpointConnection,
  EndpointResponse,
  EndpointSession,
  FeeSchedule,
  PracticeAccounts,
  PracticeHost,
} from '../host.ts';
import type { MarketUpdate, Match, RecordedTrade, ReplayedLevel, ReplayedMarket } from '../market.ts';
import { createPracticeVestAccounts } from './accounts.ts';
import { createVestEndpoint } from './endpoint.ts';
import { cancelArgsHash, orderArgsHash } from './signatures.ts';
import type { VestPracticeSwitches } from './switches.ts';

/** 2026-02-11 12:00:00 UTC, the time of the published signing vectors. */
export const START_MS = 1_770_811_200_000;
export const PROCESSING_US = 10_000;

/** A virtual clock with an agenda. */
export class TestHost implements PracticeHost {
  timeUs = START_MS * 1000;
  /** Given back by `random()`. */
  chance = 0.99;
  private agenda: { atUs: number; order: number; fn: () => void }[] = [];
  private calls = 0;

  nowUs(): number {
    return this.timeUs;
  }

  nowMs(): number {
    return Math.floor(this.timeUs / 1000);
  }

  schedule(atUs: number, fn: () => void): () => void {
    const entry = { atUs: Math.max(atUs, this.timeUs), order: this.calls++, fn };
    this.agenda.push(entry);
    return () => {
      this.agenda = this.agenda.filter((other) => other !== entry);
    };
  }

  random(): number {
    return this.chance;
  }

  run(forMs: number): void {
    const untilUs = this.timeUs + forMs * 1000;
    for (;;) {
      const due = this.agenda
        .filter((entry) => entry.atUs <= untilUs)
        .sort((one, other) => one.atUs - other.atUs || one.order - other.order)[0];
      if (!due) break;
      this.agenda = this.agenda.filter((entry) => entry !== due);
      this.timeUs = due.atUs;
      due.fn();
    }
    this.timeUs = untilUs;
  }

  get pending(): number {
    return this.agenda.length;
  }
}

const level = ([price, size]: [number, number]): ReplayedLevel => ({
  priceE8: Math.round(price * 1e8),
  sizeE8: Math.round(size * 1e8),
});

/** A book set by hand. */
export class TestMarket implements ReplayedMarket {
  readonly coin: string;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  readonly tickE8: number;
  readonly sizeStepE8: number;
  open = true;
  private bidLevels: ReplayedLevel[] = [];
  private askLevels: ReplayedLevel[] = [];
  private readonly updateListeners: ((update: MarketUpdate) => void)[] = [];
  private readonly tradeListeners: ((trade: RecordedTrade) => void)[] = [];
  private readonly epochListeners: ((epoch: number) => void)[] = [];

  constructor(coin: string, priceDecimals: number, sizeDecimals: number) {
    this.coin = coin;
    this.priceDecimals = priceDecimals;
    this.sizeDecimals = sizeDecimals;
    this.tickE8 = 10 ** (8 - priceDecimals);
    this.sizeStepE8 = 10 ** (8 - sizeDecimals);
  }

  quote(bids: [number, number][], asks: [number, number][], touchChanged = true): void {
    this.bidLevels = bids.map(level);
    this.askLevels = asks.map(level);
    const update: MarketUpdate = {
      venueTimeUs: 0,
      kind: 'snapshot',
      bids: this.bids(9),
      asks: this.asks(9),
      touchChanged,
    };
    for (const listener of this.updateListeners) listener(update);
  }

  trade(price: number, size: number, timeMs: number): void {
    const { priceE8, sizeE8 } = level([price, size]);
    for (const listener of this.tradeListeners) {
      listener({ venueTimeUs: timeMs * 1000, priceE8, sizeE8, takerSide: 'BUY' });
    }
  }

  bids(depth: number): ReplayedLevel[] {
    return this.bidLevels.slice(0, depth).map((entry) => ({ ...entry }));
  }

  asks(depth: number): ReplayedLevel[] {
    return this.askLevels.slice(0, depth).map((entry) => ({ ...entry }));
  }

  take(side: 'BUY' | 'SELL', sizeE8: number, limitPriceE8: number): Match[] {
    const levels = side === 'BUY' ? this.askLevels : this.bidLevels;
    const matches: Match[] = [];
    let rest = sizeE8;
    while (rest > 0 && levels.length > 0) {
      const best = levels[0]!;
      if (side === 'BUY' ? best.priceE8 > limitPriceE8 : best.priceE8 < limitPriceE8) break;
      const taken = Math.min(rest, best.sizeE8);
      matches.push({ priceE8: best.priceE8, sizeE8: taken });
      best.sizeE8 -= taken;
      rest -= taken;
      if (best.sizeE8 === 0) levels.shift();
    }
    return matches;
  }

  midE8(): number {
    return ((this.bidLevels[0]?.priceE8 ?? Number.NaN) + (this.askLevels[0]?.priceE8 ?? Number.NaN)) / 2;
  }

  isOpen(): boolean {
    return this.open;
  }

  onUpdate(listener: (update: MarketUpdate) => void): void {
    this.updateListeners.push(listener);
  }

  onTrade(listener: (trade: RecordedTrade) => void): void {
    this.tradeListeners.push(listener);
  }

  onEpoch(listener: (epoch: number) => void): void {
    this.epochListeners.push(listener);
  }
}

export interface TestAnswer {
  status: number;
  body: unknown;
  /** Virtual time between request and answer. */
  afterUs: number;
  headers: Record<string, string>;
}

/** What a socket received, in order, with everything the HTTP side answered in between. */
export interface TestSocket {
  frames: { channel?: string; data?: unknown; result?: unknown; error?: { code: number }; id?: number | null }[];
  binary: boolean[];
  closed: { code: number; reason: string } | undefined;
  session: EndpointSession;
  send(message: unknown): void;
  /** `args` of the ORDER events. */
  orders(): Record<string, unknown>[];
}

export interface OrderFields {
  symbol: string;
  isBuy: boolean;
  size: string;
  orderType: string;
  limitPrice: string;
  reduceOnly: boolean;
  timeInForce: string;
  time: number;
  nonce: number;
}

export interface BenchOptions {
  fees?: FeeSchedule;
  ackToFillLagUs?: number;
  accounts?: PracticeAccounts['vest'];
  startMs?: number;
  switches?: Partial<VestPracticeSwitches>;
}

/** One practice Vest with the three published markets (BTC, ETH, SOL), a client's signatures and a log of what came when. */
export function createBench(options: BenchOptions = {}) {
  const host = new TestHost();
  host.timeUs = (options.startMs ?? START_MS) * 1000;
  const btc = new TestMarket('BTC', 2, 4);
  const eth = new TestMarket('ETH', 3, 3);
  const sol = new TestMarket('SOL', 4, 2);
  sol.quote([[30, 100]], [[30.01, 100]]);
  btc.quote(
    [
      [60_000, 1],
      [59_990, 2],
    ],
    [
      [60_010, 1],
      [60_020, 2],
    ],
  );
  eth.quote([[2_000, 10]], [[2_000.5, 10]]);
  const accounts = options.accounts ?? createPracticeVestAccounts(2, 'bench');
  const endpoint = createVestEndpoint({
    host,
    markets: [
      { symbol: 'BTC-PERP', market: btc },
      { symbol: 'ETH-PERP', market: eth },
      { symbol: 'SOL-PERP', market: sol },
    ],
    accounts,
    fees: options.fees ?? { kind: 'published' },
    orderProcessingUs: PROCESSING_US,
    ackToFillLagUs: options.ackToFillLagUs ?? 0,
    switches: options.switches,
  });
  const log: string[] = [];
  let nonces = START_MS;

  /** Sends a request and lets virtual time run until it is answered. */
  function http(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = privateHeaders(),
  ): TestAnswer {
    const sentUs = host.nowUs();
    let answer: TestAnswer | undefined;
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    endpoint.http({ method, path: `/v2${path}`, headers, body: text }, (response: EndpointResponse) => {
      if (answer) throw new Error('answered twice');
      log.push(`answer ${response.status}`);
      answer = {
        status: response.status,
        body: JSON.parse(response.body) as unknown,
        afterUs: host.nowUs() - sentUs,
        headers: response.headers ?? {},
      };
    });
    if (!answer) host.run(PROCESSING_US / 1000);
    if (!answer) throw new Error('no answer');
    return answer;
  }

  function privateHeaders(account = 0): Record<string, string> {
    return { 'x-api-key': accounts[account]!.apiKey, xrestservermm: 'restserver0' };
  }

  function orderBody(fields: Partial<OrderFields> = {}, key = accounts[0]!.signingPrivateKey) {
    const time = fields.time ?? host.nowMs();
    const { timeInForce, ...rest } = fields;
    const order = {
      time,
      nonce: fields.nonce ?? ++nonces,
      symbol: 'BTC-PERP',
      isBuy: true,
      size: '0.0300',
      orderType: 'MARKET',
      limitPrice: fields.isBuy === false ? '50000.00' : '70000.00',
      reduceOnly: false,
      ...rest,
      ...(timeInForce === undefined ? {} : { timeInForce }),
    };
    return { order, recvWindow: 5_000, signature: sign(orderArgsHash(order), key) };
  }

  return {
    host,
    btc,
    eth,
    accounts,
    endpoint,
    log,
    http,
    privateHeaders,
    orderBody,
    order: (fields: Partial<OrderFields> = {}) => http('POST', '/orders', orderBody(fields)),
    cancel(id: string, account = 0) {
      const order = { time: host.nowMs(), nonce: ++nonces, id };
      const signature = sign(cancelArgsHash(order), accounts[account]!.signingPrivateKey);
      return http('POST', '/orders/cancel', { order, recvWindow: 5_000, signature }, privateHeaders(account));
    },
    orders: (query = '') => http('GET', `/orders?time=1${query}`).body as Record<string, unknown>[],
    account: () => http('GET', '/account?time=1').body as AccountBody,
    /** Opens a socket; with `listenKey` true it is private and subscribed to the account. */
    socket(listenKey: boolean | string = true): TestSocket {
      const key =
        listenKey === true ? (http('POST', '/account/listenKey').body as { listenKey: string }).listenKey : listenKey;
      const query = `version=1.0&xwebsocketserver=restserver0${key === false ? '' : `&listenKey=${key}`}`;
      const socket = openSocket(endpoint, `/ws-api?${query}`, log);
      if (listenKey === true) socket.send({ method: 'SUBSCRIBE', params: ['account_private'], id: 1 });
      return socket;
    },
  };
}

export interface AccountBody {
  balances: { total: string; locked: string }[];
  totalAccountValue: string;
  withdrawable: string;
  positions: { symbol: string; isLong: boolean; size: string; entryPrice: string; settledFunding: string }[];
  leverages: { symbol: string; value: number }[];
  time: number;
}

export function openSocket(
  endpoint: ReturnType<typeof createVestEndpoint>,
  path: string,
  log: string[] = [],
): TestSocket {
  const decoder = new TextDecoder();
  const receive = (text: string, isBinary: boolean) => {
    const frame = JSON.parse(text) as TestSocket['frames'][number];
    socket.frames.push(frame);
    socket.binary.push(isBinary);
    const data = frame.data as { args?: { status?: string } } | undefined;
    if (data?.args?.status) log.push(`event ${data.args.status}`);
  };
  const connection: EndpointConnection = {
    sendText: (text) => receive(text, false),
    sendBinary: (bytes) => receive(decoder.decode(bytes), true),
    close: (code, reason) => {
      socket.closed = { code, reason };
    },
  };
  const socket: TestSocket = {
    frames: [],
    binary: [],
    closed: undefined,
    session: { onText: () => undefined, onClose: () => undefined },
    send: (message) => socket.session.onText(typeof message === 'string' ? message : JSON.stringify(message)),
    orders: () =>
      socket.frames
        .filter((frame) => frame.channel === 'account_private')
        .map((frame) => (frame.data as { args: Record<string, unknown> }).args),
  };
  const upgraded = endpoint.upgrade({ path, headers: {} }, connection);
  if (!upgraded.accepted) throw new Error(`upgrade refused with ${upgraded.status}`);
  socket.session = upgraded.session;
  return socket;
}

/** EIP-191 over the 32 raw bytes, by ethers. */
export function sign(argsHash: string, privateKey: string): string {
  return new Wallet(privateKey).signMessageSync(getBytes(argsHash));
}
