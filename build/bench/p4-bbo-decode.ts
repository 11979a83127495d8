import { OrderBook } from '../../engine/core/book.ts';
import { trimE8 } from '../../engine/core/units.ts';
import { applyTouch, bboMarketOffset, eventTimeUs, readTouch, templateIdOf } from '../../engine/venues/paradex/sbe.ts';
import { meets, side, significant, type Bench } from './bar.ts';
import { bboFrame, memoryMarketData, renumber, SYMBOL } from './market-feed.ts';
import { loadCcxt, type CcxtParadex } from './peers.ts';
import { recordedQuotes, type Quote } from './recorded-quotes.ts';
import { interleave, median, timedUs } from './rounds.ts';

const JSON_BAR = 1 / 8;
const CCXT_BAR = 1 / 50;
const TAPE_MS = 20_000;
const QUOTES_PER_ROUND = 1_000;
const CCXT_QUOTES_PER_ROUND = 100;
const WARM_UP_ROUNDS = 20;

/** P4: one best bid and offer, from the frame's bytes into the order book, against JSON.parse and ccxt.pro. */
export const benchBboDecode: Bench = async ({ rounds }) => {
  const quotes = (await recordedQuotes(TAPE_MS)).filter(({ venue }) => venue === 'B').slice(0, QUOTES_PER_ROUND);
  const frames = quotes.map((quote, index) => bboFrame(quote, SYMBOL, Math.round(quote.atMs * 1000), index + 2));
  const texts = quotes.map(bboText);
  const book = new OrderBook('paradex', SYMBOL);
  const touch = { sequence: 0, bidPriceE8: 0, bidSizeE8: 0, askPriceE8: 0, askSizeE8: 0 };
  let sink = 0;

  const ours = (): number =>
    timedUs(frames.length, (index) => {
      const frame = frames[index]!.bytes;
      sink += templateIdOf(frame) + bboMarketOffset(frame);
      readTouch(frame, touch);
      applyTouch(touch, book);
      book.venueTimeMs = eventTimeUs(frame) / 1000;
    });
  const jsonParse = (): number =>
    timedUs(texts.length, (index) => {
      sink += (JSON.parse(texts[index]!) as { params: { data: { seq_no: number } } }).params.data.seq_no;
    });
  const againstJson = await interleave({ rounds, warmUpRounds: WARM_UP_ROUNDS, ours, peer: jsonParse });
  checkTouch(book, quotes.at(-1)!);

  const ccxt = await ccxtTicker();
  const summaries = quotes.slice(0, CCXT_QUOTES_PER_ROUND).map(summaryText);
  const againstCcxt = await interleave({
    rounds,
    warmUpRounds: WARM_UP_ROUNDS,
    ours,
    peer: () => timedUs(summaries.length, (index) => ccxt.handle(summaries[index]!)),
  });
  ccxt.check(quotes[summaries.length - 1]!);

  const whole = await wholeMarketDataUs(quotes, frames, rounds);
  const value = significant(median(againstJson.ours) / median(againstJson.peer));
  const ccxtValue = significant(median(againstCcxt.ours) / median(againstCcxt.peer));
  const jsonOk = meets('atMost', value, JSON_BAR);
  const ccxtOk = meets('atMost', ccxtValue, CCXT_BAR);
  return {
    title: 'best bid and offer into the book',
    ok: jsonOk && ccxtOk && Number.isFinite(sink),
    value,
    bar: JSON_BAR,
    need: 'atMost',
    unit: 'of JSON.parse',
    timeUnit: 'us',
    ours: side('engine/venues/paradex/sbe.ts into OrderBook', againstJson.ours),
    peer: side('JSON.parse of the same quote as the JSON feed sends it, nothing else', againstJson.peer),
    rounds,
    warmUpRounds: WARM_UP_ROUNDS,
    measured: `${frames.length} recorded quotes a round (ccxt: ${summaries.length}), as SBE frames and as JSON text`,
    more: {
      ccxt: {
        ok: ccxtOk,
        value: ccxtValue,
        bar: CCXT_BAR,
        ours: side('the same, timed against ccxt', againstCcxt.ours),
        peer: side(
          'ccxt.pro paradex: JSON.parse + handleMessage of a markets_summary (it has no bbo)',
          againstCcxt.peer,
        ),
      },
      wholeMarketData: side('socket callback to onBook: checks, sequence, market name, book, status', whole),
    },
  };
};

function bboText(quote: Quote, index: number): string {
  const data = {
    market: SYMBOL,
    seq_no: index + 2,
    bid: trimE8(quote.bidPriceE8),
    bid_size: trimE8(quote.bidSizeE8),
    ask: trimE8(quote.askPriceE8),
    ask_size: trimE8(quote.askSizeE8),
    last_updated_at: 1_795_000_000_000 + Math.round(quote.atMs),
  };
  return JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { channel: `bbo.${SYMBOL}`, data } });
}

function summaryText(quote: Quote): string {
  const data = {
    symbol: SYMBOL,
    oracle_price: trimE8(quote.bidPriceE8),
    mark_price: trimE8(quote.bidPriceE8),
    last_traded_price: trimE8(quote.askPriceE8),
    bid: trimE8(quote.bidPriceE8),
    ask: trimE8(quote.askPriceE8),
    volume_24h: '5815618.66',
    total_volume: '54542628.66',
    created_at: 1_795_000_000_000 + Math.round(quote.atMs),
    underlying_price: trimE8(quote.bidPriceE8),
    open_interest: '6999.5',
    funding_rate: '0.0001',
    price_change_rate_24h: '0.01',
  };
  return JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { channel: 'markets_summary', data } });
}

/** ccxt.pro's handling of one ticker message; nobody waits for it, which is its cheapest case. */
async function ccxtTicker(): Promise<{ handle(text: string): void; check(last: Quote): void }> {
  const ccxt = await loadCcxt();
  const client: CcxtParadex = new ccxt.default.pro.paradex({ newUpdates: false });
  const connection = { resolve: () => undefined, reject: () => undefined, subscriptions: {}, futures: {} };
  return {
    handle: (text) => client.handleMessage(connection, JSON.parse(text)),
    check: (last) => {
      const ticker = Object.values(client.tickers)[0];
      if (ticker?.bid !== last.bidPriceE8 / 1e8) throw new Error('P4: ccxt did not take the ticker');
    },
  };
}

async function wholeMarketDataUs(
  quotes: Quote[],
  frames: ReturnType<typeof bboFrame>[],
  rounds: number,
): Promise<number[]> {
  let seen = 0;
  const feed = memoryMarketData(quotes[0]!, () => seen++);
  const perQuoteUs: number[] = [];
  let sequence = 2;
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    renumber(frames, sequence);
    sequence += frames.length;
    const us = timedUs(frames.length, (index) => feed.receive(frames[index]!.bytes, 1));
    if (round >= WARM_UP_ROUNDS) perQuoteUs.push(us);
  }
  await feed.close();
  if (seen < frames.length * (WARM_UP_ROUNDS + rounds)) throw new Error('P4: the market data dropped frames');
  return perQuoteUs;
}

function checkTouch(book: OrderBook, last: Quote): void {
  if (book.bids.priceE8[0] !== last.bidPriceE8 || book.asks.sizeE8[0] !== last.askSizeE8) {
    throw new Error('P4: the book does not hold the last quote');
  }
}
