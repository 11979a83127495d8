import { formatE8 } from '../../core/units.ts';
import type { EndpointRequest, EndpointResponse, PracticeHost } from '../host.ts';
import { accountView } from './account-view.ts';
import { httpStatusOf, refusal, refusalBody } from './codes.ts';
import type { VestRefusal } from './codes.ts';
import type { VestInput } from './exchange.ts';
import { setLeverage } from './leverage.ts';
import type { ListenKeys } from './listen-keys.ts';
import { depthView } from './market-data.ts';
import type { MarketStatistics } from './market-data.ts';
import { queryOrders, wholeNumber } from './order-query.ts';
import { register } from './registration.ts';
import type { VestAccount, VestExchange, VestMarket } from './state.ts';
import { ratioText } from './wire-orders.ts';

type Answer = { ok: unknown } | VestRefusal;
type Reply = (response: EndpointResponse) => void;

interface Call {
  query: URLSearchParams;
  json: unknown;
  nowUs: number;
  nowMs: number;
  reply: Reply;
}
interface PrivateCall extends Call {
  account: VestAccount;
}

const BASE_PATH = '/v2';
/** Largest `limit` and default of the two list endpoints with history, from the documentation. */
const MAX_ROWS = 1_000;
const DEFAULT_DEPTH = 20;
const MAX_DEPTH = 100;

export interface RestParts {
  host: PracticeHost;
  exchange: VestExchange;
  listenKeys: ListenKeys;
  statistics: Map<string, MarketStatistics>;
  run(input: VestInput): void;
}

/** The venue's REST side: routing, access, and translation between HTTP and the exchange. */
export class VestRest {
  private readonly parts: RestParts;
  private readonly pending = new Map<number, Reply>();
  private requests = 0;
  private readonly publicRoutes: Record<string, (call: Call) => Answer> = {
    'GET /exchangeInfo': ({ query }) => this.exchangeInfo(query),
    'GET /ticker/latest': ({ query }) => this.tickers(query, (market) => market.latest()),
    'GET /ticker/24hr': ({ query, nowMs }) => this.tickers(query, (market) => market.day(nowMs)),
    'GET /depth': ({ query }) => this.depth(query),
    'GET /trades': ({ query }) => this.trades(query),
    // A recording of minutes holds neither candles nor funding.
    'GET /klines': ({ query }) => this.emptyList(query),
    'GET /funding/history': ({ query }) => this.emptyList(query),
    'POST /register': ({ json, nowUs }) => okOrRefusal(register(this.parts.exchange, json, nowUs)),
  };
  private readonly privateRoutes: Record<string, (call: PrivateCall) => Answer | undefined> = {
    'GET /account': ({ account, nowMs }) => ({ ok: accountView(this.parts.exchange, account, nowMs) }),
    'GET /account/nonce': ({ account }) => ({ ok: { lastNonce: account.lastNonce } }),
    'POST /account/leverage': ({ account, json, nowMs }) =>
      okOrRefusal(setLeverage(this.parts.exchange, account, json, nowMs)),
    'POST /orders': (call) => this.submit('submitOrder', call),
    'POST /orders/cancel': (call) => this.submit('submitCancel', call),
    'GET /orders': ({ account, query }) => {
      const found = queryOrders(this.parts.exchange, account, query);
      return Array.isArray(found) ? { ok: found } : found;
    },
    'POST /account/listenKey': ({ account, nowMs }) => ({
      ok: { listenKey: this.parts.listenKeys.obtain(account, nowMs) },
    }),
    'PUT /account/listenKey': ({ account, nowMs }) =>
      this.parts.listenKeys.extend(account, nowMs) ? { ok: {} } : refusal(1125),
    'DELETE /account/listenKey': ({ account }) => {
      this.parts.listenKeys.remove(account);
      return { ok: {} };
    },
  };

  constructor(parts: RestParts) {
    this.parts = parts;
  }

  handle(request: EndpointRequest, reply: Reply): void {
    const url = new URL(request.path, 'http://venue');
    const path = url.pathname.startsWith(`${BASE_PATH}/`) ? url.pathname.slice(BASE_PATH.length) : '';
    const key = `${request.method} ${path}`;
    const nowUs = this.parts.host.nowUs();
    const call = { query: url.searchParams, json: undefined, nowUs, nowMs: Math.floor(nowUs / 1000), reply };
    const publicRoute = this.publicRoutes[key];
    const privateRoute = this.privateRoutes[key];
    if (!publicRoute && !privateRoute) {
      this.send(reply, 404, JSON.stringify({ detail: 'Not Found' }));
      return;
    }
    const access = publicRoute ? undefined : this.authorize(request, url.searchParams, call.nowMs);
    if (access && 'code' in access) {
      this.answer(reply, access);
      return;
    }
    const json = parseBody(request.body);
    if (json instanceof SyntaxError) {
      this.answer(reply, refusal(1130, 'the body is no JSON'));
      return;
    }
    const answer = access ? privateRoute!({ ...call, json, account: access.account }) : publicRoute!({ ...call, json });
    if (answer) this.answer(reply, answer);
  }

  /** The exchange's answer to the order or cancel `requestId`. */
  settle(requestId: number, result: { id: string } | VestRefusal): void {
    const reply = this.pending.get(requestId)!;
    this.pending.delete(requestId);
    this.answer(reply, 'code' in result ? result : { ok: result });
  }

  private submit(kind: 'submitOrder' | 'submitCancel', { account, json, reply }: PrivateCall): undefined {
    const requestId = ++this.requests;
    this.pending.set(requestId, reply);
    const eventsFirst = this.parts.host.random() < this.parts.exchange.switches.eventBeforeAnswerShare;
    this.parts.run({ kind, requestId, account, json, eventsFirst });
  }

  /** API key first (1002), then the routing header (1146), then `time` of GETs (1130). */
  private authorize(
    request: EndpointRequest,
    query: URLSearchParams,
    nowMs: number,
  ): { account: VestAccount } | VestRefusal {
    const { switches, accountByApiKey } = this.parts.exchange;
    const apiKey = request.headers['x-api-key'] ?? '';
    const account = accountByApiKey.get(apiKey);
    if (!account) return refusal(1002);
    const signer = [...account.signers.values()].find((each) => each.apiKey === apiKey);
    const isExpired = signer === undefined || signer.expiryMs <= nowMs;
    if (isExpired && switches.expiredApiKey === 'refused') return refusal(1002);
    const group = request.headers['xrestservermm'];
    if (switches.routingHeader === 'required' && group !== `restserver${switches.accountGroup}`) return refusal(1146);
    const needsTime = request.method === 'GET' && switches.timeQuery === 'required';
    if (needsTime && wholeNumber(query.get('time') ?? '', 0) === undefined) return refusal(1130, 'time is missing');
    return { account };
  }

  private exchangeInfo(query: URLSearchParams): Answer {
    const markets = this.selectMarkets(query);
    if ('code' in markets) return markets;
    const zeroAddress = `0x${'0'.repeat(40)}`;
    const exchange = { lp: zeroAddress, insurance: zeroAddress, collateralDecimals: 6 };
    return { ok: { symbols: markets.map((market) => this.symbolInfo(market)), exchange } };
  }

  private symbolInfo({ symbol, replay }: VestMarket): Record<string, unknown> {
    const { switches, takerFeeE8 } = this.parts.exchange;
    return {
      symbol,
      displayName: symbol,
      base: replay.coin,
      quote: 'USDC',
      sizeDecimals: replay.sizeDecimals,
      priceDecimals: replay.priceDecimals,
      initMarginRatio: ratioText(switches.maxLeverage),
      maintMarginRatio: ratioText(switches.maxLeverage * 2),
      takerFee: formatE8(takerFeeE8, takerFeeE8 % 10_000 === 0 ? 4 : 8),
      isolated: false,
    };
  }

  private tickers(query: URLSearchParams, view: (market: MarketStatistics) => unknown): Answer {
    const markets = this.selectMarkets(query);
    if ('code' in markets) return markets;
    return { ok: { tickers: markets.map(({ symbol }) => view(this.parts.statistics.get(symbol)!)) } };
  }

  private depth(query: URLSearchParams): Answer {
    const market = this.parts.exchange.markets.get(query.get('symbol') ?? '');
    if (!market) return refusal(1121);
    const limit = wholeNumber(query.get('limit'), DEFAULT_DEPTH);
    if (limit === undefined || limit === 0 || limit > MAX_DEPTH)
      return refusal(1130, `limit must be 1 to ${MAX_DEPTH}`);
    return { ok: depthView(market, limit) };
  }

  private trades(query: URLSearchParams): Answer {
    const statistics = this.parts.statistics.get(query.get('symbol') ?? '');
    if (!statistics) return refusal(1121);
    const limit = wholeNumber(query.get('limit'), MAX_ROWS);
    const start = wholeNumber(query.get('startTime'), 0);
    const end = wholeNumber(query.get('endTime'), Number.MAX_SAFE_INTEGER);
    if (limit === undefined || limit === 0 || limit > MAX_ROWS || start === undefined || end === undefined) {
      return refusal(1130, `limit must be 1 to ${MAX_ROWS}, times whole milliseconds`);
    }
    return { ok: statistics.lastTrades(start, end, limit) };
  }

  private emptyList(query: URLSearchParams): Answer {
    return this.parts.exchange.markets.has(query.get('symbol') ?? '') ? { ok: [] } : refusal(1121);
  }

  /** All markets, or those of the query's `symbols`. */
  private selectMarkets(query: URLSearchParams): VestMarket[] | VestRefusal {
    const { markets } = this.parts.exchange;
    const names = query.get('symbols')?.split(',') ?? [...markets.keys()];
    const found = names.map((name) => markets.get(name)).filter((market) => market !== undefined);
    return found.length === names.length ? found : refusal(1121);
  }

  private answer(reply: Reply, answer: Answer): void {
    if ('ok' in answer) {
      this.send(reply, 200, JSON.stringify(answer.ok));
      return;
    }
    this.send(reply, httpStatusOf(answer.code), refusalBody(answer, this.parts.exchange.switches.errorEnvelope));
  }

  /** Clients estimate the clock's skew from `date`, so it is the venue's clock. */
  private send(reply: Reply, status: number, body: string): void {
    const date = new Date(this.parts.host.nowUs() / 1000).toUTCString();
    reply({ status, headers: { 'content-type': 'application/json', date }, body });
  }
}

function okOrRefusal(result: object): Answer {
  return 'code' in result ? (result as VestRefusal) : { ok: result };
}

/** The parsed body, undefined for an empty one. */
function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}
