import type { OrderBook } from '../../engine/core/book.ts';
import type { Env, SocketHandlers } from '../../engine/env.ts';
import { createNodeEnv } from '../../engine/node-env.ts';
import { encodeBbo, encodeBook } from '../../engine/practice/paradex/sbe-encode.ts';
import { MarketData } from '../../engine/venues/paradex/market-data.ts';
import type { VenueListener } from '../../engine/venues/venue.ts';
import type { Quote } from './recorded-quotes.ts';

export const SYMBOL = 'BTC-USD-PERP';
const SBE_VERSION = 1;
const SEQUENCE_OFFSET = 16;

export interface BboFrame {
  bytes: Uint8Array;
  view: DataView;
}

export function bboFrame(quote: Quote, symbol: string, tsUs: number, sequence: number): BboFrame {
  const bid = { priceE8: quote.bidPriceE8, sizeE8: quote.bidSizeE8 };
  const ask = { priceE8: quote.askPriceE8, sizeE8: quote.askSizeE8 };
  const bytes = encodeBbo({ tsUs, sequence, bid, ask, market: symbol }, SBE_VERSION);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

export function snapshotFrame(quote: Quote, symbol: string, sequence: number): Uint8Array {
  const bids = [{ priceE8: quote.bidPriceE8, sizeE8: quote.bidSizeE8 }];
  const asks = [{ priceE8: quote.askPriceE8, sizeE8: quote.askSizeE8 }];
  return encodeBook({ tsUs: 0, sequence, snapshot: true, bids, asks, market: symbol }, SBE_VERSION);
}

/** Gives frames that were used before fresh sequence numbers: the client drops what is not newer. */
export function renumber(frames: readonly BboFrame[], firstSequence: number): void {
  frames.forEach(({ view }, index) => view.setBigInt64(SEQUENCE_OFFSET, BigInt(firstSequence + index), true));
}

export function bookListener(onBook: (book: OrderBook) => void): VenueListener {
  return {
    onBook,
    onMarketDataStatus: () => undefined,
    onOrder: () => undefined,
    onFill: () => undefined,
    onConnection: () => undefined,
    onNotice: ({ code, message }) => {
      throw new Error(`${code}: ${message}`);
    },
  };
}

/** The client's whole market-data path on a socket that lies in memory: frames go in where the real socket's would. */
export function memoryMarketData(first: Quote, onBook: (book: OrderBook) => void) {
  const real = createNodeEnv();
  let handlers: SocketHandlers | undefined;
  const env: Env = {
    ...real,
    network: {
      ...real.network,
      openSocket: (_options, given) => {
        handlers = given;
        return { sendText: () => performance.now(), ping: () => undefined, close: () => given.onClose(1000, '') };
      },
    },
  };
  const marketData = new MarketData({
    env,
    wsUrl: 'ws://memory',
    symbols: [SYMBOL],
    staleAfterMs: Number.MAX_SAFE_INTEGER,
    listener: bookListener(onBook),
    onServerTimes: () => undefined,
    onAllValid: () => undefined,
  });
  marketData.start();
  const socket = handlers!;
  socket.onOpen();
  socket.onBinary(snapshotFrame(first, SYMBOL, 1), performance.now());
  return {
    receive: (frame: Uint8Array, receivedAtMs: number): void => socket.onBinary(frame, receivedAtMs),
    close: async (): Promise<void> => {
      await marketData.stop();
      await real.close();
    },
  };
}
