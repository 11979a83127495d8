import type { FeeSchedule, PracticeAccounts, PracticeHost, VenueEndpoint } from '../host.ts';
import type { ReplayedMarket } from '../market.ts';
import { createVestExchange } from './create-exchange.ts';
import { advance } from './exchange.ts';
import type { VestInput, VestOutput } from './exchange.ts';
import { ListenKeys } from './listen-keys.ts';
import { MarketStatistics } from './market-data.ts';
import { VestRest } from './rest.ts';
import type { VestExchange } from './state.ts';
import { VestStreams } from './streams.ts';
import { defaultVestSwitches } from './switches.ts';
import type { VestPracticeSwitches } from './switches.ts';

export interface VestEndpointOptions {
  host: PracticeHost;
  markets: { symbol: string; market: ReplayedMarket }[];
  /** Registered and funded from the start. */
  accounts: PracticeAccounts['vest'];
  fees: FeeSchedule;
  /** From arrival of an order to its answer and match. */
  orderProcessingUs: number;
  /** From the match to the order's events and its entry in GET /orders. */
  ackToFillLagUs: number;
  switches?: Partial<VestPracticeSwitches>;
}

const WEBSOCKET_PATH = '/ws-api';

/**
 * The practice Vest: API v2 at message level. REST lives under `/v2`, the WebSocket at `/ws-api`. The rules are in
 * `exchange.ts`; here its outputs meet the host's clock, HTTP calls and sockets.
 */
export function createVestEndpoint(options: VestEndpointOptions): VenueEndpoint & { readonly exchange: VestExchange } {
  const { host } = options;
  const switches = { ...defaultVestSwitches, ...options.switches };
  const exchange = createVestExchange({ ...options, switches, nowUs: host.nowUs() });
  const startedAtMs = Math.floor(host.nowUs() / 1000);
  const statistics = new Map(
    [...exchange.markets.values()].map((market) => [
      market.symbol,
      new MarketStatistics(market, switches, startedAtMs),
    ]),
  );
  const listenKeys = new ListenKeys(switches.listenKeyTtlMs);
  const rest = new VestRest({ host, exchange, listenKeys, statistics, run });
  const streams = new VestStreams({ host, exchange, listenKeys, statistics });
  const scheduled = new Set<{ cancel?: () => void }>();
  let stopped = false;

  function run(input: VestInput): void {
    if (stopped) return;
    for (const output of advance(exchange, host.nowUs(), input)) perform(output);
  }

  function perform(output: VestOutput): void {
    switch (output.kind) {
      case 'answer':
        rest.settle(output.requestId, output.result);
        break;
      case 'orderEvent':
        streams.publishOrder(output.account, output.args);
        break;
      case 'traded':
        for (const fill of exchange.fills.slice(output.fromFill)) {
          publishTrade(output.symbol, fill.priceE8, fill.sizeE8, fill.timeMs);
        }
        streams.onBook(output.symbol, true);
        break;
      case 'schedule':
        schedule(output.atUs, output.input);
        break;
    }
  }

  function schedule(atUs: number, input: VestInput): void {
    const entry: { cancel?: () => void } = {};
    scheduled.add(entry);
    entry.cancel = host.schedule(atUs, () => {
      scheduled.delete(entry);
      run(input);
    });
  }

  function publishTrade(symbol: string, priceE8: number, sizeE8: number, timeMs: number): void {
    streams.publishTrade(symbol, statistics.get(symbol)!.addTrade(priceE8, sizeE8, timeMs));
  }

  for (const { symbol, market } of options.markets) {
    const bookMoved = (touchChanged: boolean) => {
      run({ kind: 'bookMoved', symbol, touchChanged });
      if (touchChanged) statistics.get(symbol)!.onIndex();
      if (!stopped) streams.onBook(symbol, touchChanged);
    };
    market.onUpdate((update) => bookMoved(update.touchChanged));
    market.onEpoch(() => bookMoved(true));
    market.onTrade((trade) => {
      if (!stopped) publishTrade(symbol, trade.priceE8, trade.sizeE8, Math.floor(trade.venueTimeUs / 1000));
    });
  }

  return {
    exchange,
    http: (request, reply) => rest.handle(request, reply),
    upgrade(request, connection) {
      const path = new URL(request.path, 'http://venue').pathname;
      if (path !== WEBSOCKET_PATH) return { accepted: false, status: 404, body: 'Not Found' };
      return { accepted: true, session: streams.open(request.path, connection) };
    },
    stop() {
      stopped = true;
      for (const entry of scheduled) entry.cancel?.();
      streams.stop();
    },
  };
}
