/**
 * ccxt's published Paradex client against a venue at REST_URL (with /v1): onboards, reads the book, places and cancels a limit order, takes
 * with a market order, reads position, fill and balance. Prints what it saw as one line of JSON.
 * Usage: node ccxt-paradex.mjs REST_URL ETH_PRIVATE_KEY ETH_ADDRESS
 */
import ccxt from 'ccxt';

const [restUrl, privateKey, walletAddress] = process.argv.slice(2);
const SYMBOL = 'BTC/USD:USDC';
const SIZE = 0.01;
const POLL_MS = 20;
const PATIENCE_MS = 5_000;

const client = new ccxt.paradex({ privateKey, walletAddress, enableRateLimit: false });
client.urls.api = { v1: restUrl, v2: restUrl.replace(/v1$/, 'v2') };

/** Asks again until the answer is there: the venue acknowledges first and acts a little later. */
async function eventually(what, ask) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function sum(trades, valueOf) {
  return trades.reduce((total, trade) => total + valueOf(trade), 0);
}

await client.onboarding();
const status = await client.fetchStatus();
const markets = await client.loadMarkets();
const balanceBefore = await client.fetchBalance();
const book = await client.fetchOrderBook(SYMBOL);
const farBelow = Number(client.priceToPrecision(SYMBOL, book.bids[0][0] * 0.98));

const limit = await client.createOrder(SYMBOL, 'limit', 'buy', SIZE, farBelow, { clientOrderId: 'ccxt-limit' });
const open = await eventually('the limit order', async () => {
  const orders = await client.fetchOpenOrders(SYMBOL);
  return orders.find((order) => order.id === limit.id);
});
await client.cancelOrder(limit.id, SYMBOL);
const cancelled = await eventually('the cancellation', async () => {
  const order = await client.fetchOrder(limit.id, SYMBOL);
  return order.info.status === 'CLOSED' ? order : undefined;
});

const market = await client.createOrder(SYMBOL, 'market', 'buy', SIZE);
// A thin touch makes several fills of one order.
const fills = await eventually('the fill', async () => {
  const own = (await client.fetchMyTrades(SYMBOL)).filter((trade) => trade.order === market.id);
  return Math.abs(sum(own, (trade) => trade.amount) - SIZE) < 1e-9 ? own : undefined;
});
const position = await client.fetchPosition(SYMBOL);
const history = await client.fetchOrders(SYMBOL);
const balanceAfter = await client.fetchBalance();

console.log(
  JSON.stringify({
    status: status.status,
    symbols: Object.keys(markets),
    book: { bid: book.bids[0], ask: book.asks[0], nonce: book.nonce },
    open: { status: open.status, price: open.price, amount: open.amount, clientOrderId: open.clientOrderId },
    cancelled: { status: cancelled.status, filled: cancelled.filled, reason: cancelled.info.cancel_reason },
    fill: {
      price: sum(fills, (trade) => trade.price * trade.amount) / SIZE,
      amount: sum(fills, (trade) => trade.amount),
      side: fills[0].side,
      takerOrMaker: fills[0].takerOrMaker,
      fee: { cost: sum(fills, (trade) => trade.fee.cost), currency: fills[0].fee.currency },
    },
    position: { side: position.side, contracts: position.contracts, entryPrice: position.entryPrice },
    orders: history.map((order) => ({ id: order.id, status: order.info.status })),
    balances: { before: balanceBefore.USDC.total, after: balanceAfter.USDC.total },
  }),
);
