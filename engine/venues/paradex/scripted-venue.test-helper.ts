import type { Env } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { PreparedOrder, VenueClient } from '../venue.ts';
import { createParadexClient } from './client.ts';
import type { ParadexClientConfig } from './client.ts';
import { countingIds, recordingListener } from './recording-listener.test-helper.ts';
import { bboFrame, bookFrame } from './sbe-frames.test-helper.ts';

export const SYMBOL = 'BTC-USD-PERP';
export const BID: [number, number] = [60_000_00000000, 1_00000000];
export const ASK: [number, number] = [60_000_10000000, 1_00000000];
const ONE_WAY = { medianMs: 20, jitterBelowMs: 0, jitterAboveMs: 0 };
/** The venue's clock is five seconds ahead of this machine's. */
export const VENUE_AHEAD_MS = 5_000;

interface EndpointRequest {
  path: string;
}

interface EndpointResponse {
  status: number;
  body: string;
}

interface EndpointConnection {
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

interface DelayProfile {
  medianMs: number;
  jitterBelowMs: number;
  jitterAboveMs: number;
}

interface Route {
  link: { toVenue: DelayProfile; fromVenue: DelayProfile };
  endpoint: {
    http(request: EndpointRequest, reply: (response: EndpointResponse) => void): void;
    upgrade(
      request: EndpointRequest,
      connection: EndpointConnection,
    ):
      | { accepted: true; session: { onText(text: string): void; onClose(): void } }
      | { accepted: false; status: number; body: string };
    stop(): void;
  };
}

/** `createVirtualEnv` of engine/simulation, which only the tests themselves may import. */
export type CreateVirtualEnv = (options: { seed: number; startWallMs: number; routes: ReadonlyMap<string, Route> }) => {
  env: Env;
  host: { nowUs(): number };
  run(until: number | (() => boolean)): Promise<void>;
};

export interface Call {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

/** One connection the client opened, as the venue sees it. */
export class VenueConnection {
  readonly binary: boolean;
  readonly calls: Call[] = [];
  private readonly connection: EndpointConnection;
  private readonly nowUs: () => number;
  constructor(connection: EndpointConnection, binary: boolean, nowUs: () => number) {
    this.connection = connection;
    this.binary = binary;
    this.nowUs = nowUs;
  }
  reply(id: number, answer: { result: unknown } | { error: { code: number; message: string } }): void {
    const us = this.nowUs();
    this.sendJson({ jsonrpc: '2.0', id, ...answer, usIn: us, usDiff: 0, usOut: us });
  }
  push(channel: string, data: unknown): void {
    this.sendJson({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } });
  }
  sendJson(message: unknown): void {
    this.connection.sendText(`${JSON.stringify(message)}\n`);
  }
  sendFrame(frame: Uint8Array): void {
    this.connection.sendBinary(frame);
  }
  drop(): void {
    this.connection.close(1006, 'gone');
  }
}

export interface Script {
  /** What the venue does with `order.create`; default: nothing. */
  onOrder?(call: Call, connection: VenueConnection): void;
  /** Answers before the standard ones; undefined = standard. */
  http?(request: EndpointRequest): EndpointResponse | undefined;
  /** Answers a call before the standard ones; true = handled. */
  onCall?(call: Call, connection: VenueConnection): boolean;
  acceptsSockets: boolean;
  config?: Partial<ParadexClientConfig>;
  signer?: SignerPort;
}

const MARKET = {
  symbol: SYMBOL,
  base_currency: 'BTC',
  quote_currency: 'USD',
  settlement_currency: 'USDC',
  asset_kind: 'PERP',
  price_tick_size: '0.1',
  order_size_increment: '0.00001',
  min_notional: '10',
  max_order_size: '100',
  fee_config: { api_fee: { maker_fee: { fee: '0.00003' }, taker_fee: { fee: '0.00045' } } },
};

/** A Paradex that does what the test says, 20 ms away in virtual time. */
export function scriptedVenue(createVirtualEnv: CreateVirtualEnv, script: Partial<Script> = {}) {
  const scripted: Script = { acceptsSockets: true, ...script };
  const routes = new Map<string, Route>();
  const { env, host, run } = createVirtualEnv({ seed: 1, startWallMs: 1_795_000_000_000, routes });
  const venueNowUs = (): number => host.nowUs() + VENUE_AHEAD_MS * 1000;
  const connections: VenueConnection[] = [];
  const attemptsMs: number[] = [];
  const requests: EndpointRequest[] = [];
  routes.set('paradex', {
    link: { toVenue: ONE_WAY, fromVenue: ONE_WAY },
    endpoint: {
      http: (request, reply) => {
        requests.push(request);
        reply(scripted.http?.(request) ?? standardAnswer(request, venueNowUs()));
      },
      upgrade: ({ path }, opened) => {
        attemptsMs.push(env.clock.monotonicMs());
        if (!scripted.acceptsSockets) return { accepted: false, status: 503, body: 'down' };
        const connection = new VenueConnection(opened, path.includes('sbeSchemaId=1'), venueNowUs);
        connections.push(connection);
        return {
          accepted: true,
          session: { onText: (text) => onCall(JSON.parse(text) as Call, connection), onClose: () => undefined },
        };
      },
      stop: () => undefined,
    },
  });

  function onCall(call: Call, connection: VenueConnection): void {
    connection.calls.push(call);
    if (scripted.onCall?.(call, connection)) return;
    if (call.method === 'order.create') {
      scripted.onOrder?.(call, connection);
      return;
    }
    connection.reply(call.id, { result: call.params });
    if (call.method === 'subscribe' && call.params.channel === `order_book.${SYMBOL}.deltas`) {
      connection.sendFrame(bookFrame(SYMBOL, 'snapshot', 100, [BID], [ASK]));
    }
    if (call.method === 'subscribe' && call.params.channel === `bbo.${SYMBOL}`) {
      connection.sendFrame(bboFrame(SYMBOL, 99, BID, ASK));
    }
  }

  const listener = recordingListener();
  const signer: SignerPort = scripted.signer ?? {
    sign: () => Promise.resolve({ signature: '["1","2"]', signMs: 0.5 }),
    close: () => Promise.resolve(),
  };
  const client = createParadexClient({
    env,
    config: {
      restUrl: 'http://paradex/v1',
      wsUrl: 'ws://paradex/v1',
      accountAddress: '0x1234',
      orderClass: 'pro',
      symbols: [SYMBOL],
      receiveWindowMs: 2_000,
      ...scripted.config,
    },
    signer,
    ids: countingIds(),
    listener,
  });
  const wait = (ms: number): Promise<void> => run(env.clock.monotonicMs() + ms);
  return {
    client,
    env,
    listener,
    script: scripted,
    connections,
    attemptsMs,
    requests,
    venueNowMs: () => venueNowUs() / 1000,
    wait,
    trading: () => lastOf(connections, false),
    marketData: () => lastOf(connections, true),
    /** Starts the client and lets virtual time pass until it is ready. */
    started: async (): Promise<VenueClient> => {
      let done = false;
      const starting = client.start().finally(() => (done = true));
      await run(() => done);
      await starting;
      return client;
    },
    answered: async <Answer>(asked: Promise<Answer>): Promise<Answer> => {
      let done = false;
      const settled = asked.finally(() => (done = true));
      settled.catch(() => undefined);
      await run(() => done);
      return settled;
    },
    preparedBuy: async (): Promise<PreparedOrder> =>
      client.prepare({ symbol: SYMBOL, side: 'BUY', sizeE8: 1_000_000, limitPriceE8: ASK[0], reduceOnly: false }),
  };
}

function lastOf(connections: VenueConnection[], binary: boolean): VenueConnection {
  return connections.findLast((connection) => connection.binary === binary)!;
}

function standardAnswer({ path }: EndpointRequest, nowUs: number): EndpointResponse {
  const route = path.replace('/v1', '').replace(/\?.*/, '');
  if (route === '/system/time') return json({ server_time: String(Math.floor(nowUs / 1000)) });
  if (route === '/markets') return json({ results: [MARKET] });
  if (route.startsWith('/auth')) return json({ jwt_token: `token-${nowUs}` });
  return json({ results: [] });
}

export function json(body: unknown, status = 200): EndpointResponse {
  return { status, body: JSON.stringify(body) };
}

/** An order message of the venue. */
export function orderMessage(clientId: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `v-${clientId}`,
    account: '0x1234',
    market: SYMBOL,
    side: 'BUY',
    type: 'LIMIT',
    size: '0.01',
    remaining_size: '0.01',
    price: '60000.1',
    status: 'NEW',
    instruction: 'IOC',
    client_id: clientId,
    cancel_reason: '',
    avg_fill_price: '',
    created_at: 1_795_000_005_000,
    ...changes,
  };
}

export function fillMessage(
  id: string,
  clientId: string,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id,
    order_id: `v-${clientId}`,
    client_id: clientId,
    market: SYMBOL,
    side: 'BUY',
    liquidity: 'TAKER',
    price: '60000.1',
    size: '0.01',
    fee: '0.270000450000',
    fee_currency: 'USDC',
    fill_type: 'FILL',
    created_at: 1_795_000_005_000,
    ...changes,
  };
}
