import { refusal, type MarketState } from '../exchange/state.ts';
import { SYSTEM_CONFIG } from '../system-config.ts';
import { bboView, marketView, orderBookView, summaryView, tradeView } from '../views/market-view.ts';
import { milliseconds } from '../views/order-view.ts';
import { publicRoute, type RestCall, type Route } from './call.ts';
import { page } from './paging.ts';

const DEFAULT_DEPTH = 20;
const MAX_DEPTH = 100;

/** Routes about the system and its prices: everything is read from the replayed market at the moment of the call. */
export const PUBLIC_ROUTES: Route[] = [
  publicRoute('GET', '/system/time', ({ venue, reply }) => {
    reply(200, { server_time: String(milliseconds(venue.host.nowUs())) });
  }),
  publicRoute('GET', '/system/state', ({ venue, reply }) => reply(200, { status: venue.state.systemStatus })),
  publicRoute('GET', '/system/config', ({ reply }) => reply(200, SYSTEM_CONFIG)),
  publicRoute('GET', '/jwks.json', ({ venue, reply }) => reply(200, venue.tokens.keySet())),
  publicRoute('GET', '/markets', (call) => {
    withMarkets(call, 'market', (markets) => {
      call.reply(200, { results: markets.map((market) => marketView(call.venue.state, market)) });
    });
  }),
  publicRoute('GET', '/markets/summary', (call) => {
    withMarkets(call, 'market', (markets) => call.reply(200, { results: markets.map(summaryView) }));
  }),
  publicRoute('GET', '/orderbook/:market', sendOrderBook),
  publicRoute('GET', '/orderbook/:market/interactive', sendOrderBook),
  publicRoute('GET', '/bbo/:market', sendBbo),
  publicRoute('GET', '/bbo/:market/interactive', sendBbo),
  publicRoute('GET', '/trades', (call) => {
    const market = call.venue.state.markets.get(call.query.get('market') ?? '');
    if (market === undefined) {
      call.refuse(refusal('MARKET_NOT_FOUND', 'market not found'));
      return;
    }
    const trades = market.trades.map((trade) => ({ ...trade, atMs: milliseconds(trade.atUs) }));
    const result = page(trades, call.query, (trade) => tradeView(market, trade));
    if (result.ok) call.reply(200, result.body);
    else call.refuse(result.refusal);
  }),
  publicRoute('GET', '/funding/data', ({ reply }) => reply(200, { next: null, prev: null, results: [] })),
];

function sendOrderBook(call: RestCall): void {
  withMarketOfPath(call, (market) => {
    const depth = Number(call.query.get('depth') ?? DEFAULT_DEPTH);
    if (!Number.isInteger(depth) || depth < 1) {
      call.refuse(refusal('INVALID_REQUEST_PARAMETER', 'depth must be a positive whole number'));
      return;
    }
    call.reply(200, orderBookView(market, Math.min(depth, MAX_DEPTH)));
  });
}

function sendBbo(call: RestCall): void {
  withMarketOfPath(call, (market) => call.reply(200, bboView(market)));
}

function withMarketOfPath(call: RestCall, run: (market: MarketState) => void): void {
  const market = call.venue.state.markets.get(call.path.market ?? '');
  if (market === undefined) call.refuse(refusal('MARKET_NOT_FOUND', 'market not found', 404));
  else run(market);
}

/** The one market of a query parameter, or all when it is absent or ALL. */
function withMarkets(call: RestCall, parameter: string, run: (markets: MarketState[]) => void): void {
  const { markets } = call.venue.state;
  const symbol = call.query.get(parameter);
  if (symbol === null || symbol === '' || symbol === 'ALL') {
    run([...markets.values()]);
    return;
  }
  const market = markets.get(symbol);
  if (market === undefined) call.refuse(refusal('MARKET_NOT_FOUND', `market ${symbol} not found`));
  else run([market]);
}
