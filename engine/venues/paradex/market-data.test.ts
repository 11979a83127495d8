import { describe, expect, it } from 'vitest';
import { trimE8 } from '../../core/units.ts';
import { createVirtualEnv } from '../../simulation/virtual-env.ts';
import { bboFrame, bookFrame } from './sbe-frames.test-helper.ts';
import { ASK, BID, scriptedVenue, SYMBOL } from './scripted-venue.test-helper.ts';

const newVenue = () => scriptedVenue(createVirtualEnv);
const usd = (price: number): number => price * 1e8;

async function started() {
  const venue = newVenue();
  const client = await venue.started();
  const book = client.book(SYMBOL);
  const send = async (...frames: Uint8Array[]): Promise<void> => {
    for (const frame of frames) venue.marketData().sendFrame(frame);
    await venue.wait(20);
  };
  const side = (levels: typeof book.bids): string[] =>
    Array.from(
      { length: levels.count },
      (_, index) => `${trimE8(levels.priceE8[index]!)} x ${trimE8(levels.sizeE8[index]!)}`,
    );
  return { ...venue, book, send, bids: () => side(book.bids), asks: () => side(book.asks) };
}

describe('books', () => {
  it('a touch between deltas prunes what it passed and is not undone by an older delta', async () => {
    const { send, bids, asks, book } = await started();
    await send(bookFrame(SYMBOL, 'delta', 101, [[usd(59_999), 2]], []));
    await send(bboFrame(SYMBOL, 103, [usd(59_999), 7], [usd(60_001), 3]));
    expect(bids()).toEqual(['59999 x 0.00000007']);
    expect(asks()).toEqual(['60001 x 0.00000003']);
    expect(book.sequence).toBe(103);

    await send(bookFrame(SYMBOL, 'delta', 102, [[usd(60_000), 1]], []));
    expect(bids()).toEqual(['59999 x 0.00000007']);
    await send(bookFrame(SYMBOL, 'delta', 103, [], []), bookFrame(SYMBOL, 'delta', 104, [[usd(60_000), 1]], []));
    expect(bids()).toEqual(['60000 x 0.00000001', '59999 x 0.00000007']);
  });

  it('an older touch is ignored', async () => {
    const { send, bids } = await started();
    await send(
      bookFrame(SYMBOL, 'delta', 101, [[usd(60_000), 5]], []),
      bboFrame(SYMBOL, 100, [usd(50_000), 1], undefined),
    );
    expect(bids()).toEqual(['60000 x 0.00000005']);
  });

  it('carries the venue time and tells the listener of every change', async () => {
    const { send, book, listener } = await started();
    const before = listener.bookChanges;
    await send(bookFrame(SYMBOL, 'delta', 101, [], []), bboFrame(SYMBOL, 102, BID, ASK));
    expect(listener.bookChanges - before).toBe(2);
    expect(book.venueTimeMs).toBe(102);
  });

  it('frames of other markets and unknown templates are skipped', async () => {
    const { send, book, listener } = await started();
    const before = listener.bookChanges;
    const unknown = bboFrame(SYMBOL, 500, BID, ASK);
    unknown[2] = 77;
    await send(bboFrame('ETH-USD-PERP', 500, BID, ASK), unknown);
    expect(listener.bookChanges).toBe(before);
    expect(book.valid).toBe(true);
  });
});

describe('trouble', () => {
  it('a gap makes the book invalid at once and a new subscription valid again', async () => {
    const { send, book, listener, marketData, wait } = await started();
    await send(bookFrame(SYMBOL, 'delta', 105, [[usd(60_000), 9]], []));
    expect(book.valid).toBe(false);
    expect(listener.statuses.at(-1)).toBe(`${SYMBOL} gap: expected 101, received 105`);
    await send(bookFrame(SYMBOL, 'delta', 106, [], []));
    await wait(200);
    expect(
      marketData()
        .calls.slice(-2)
        .map(({ method }) => method),
    ).toEqual(['unsubscribe', 'subscribe']);
    expect(book.valid).toBe(true);
    expect(listener.statuses.at(-1)).toBe(`${SYMBOL} ok`);
  });

  it('connects anew when no snapshot follows a gap', async () => {
    const { send, script, marketData, connections, wait, book } = await started();
    const first = marketData();
    script.onCall = (call, connection) => {
      if (call.method !== 'subscribe' || connection !== first) return false;
      connection.reply(call.id, { result: {} });
      return true;
    };
    await send(bookFrame(SYMBOL, 'delta', 105, [], []));
    await wait(9_000);
    expect(connections).toHaveLength(2);
    await wait(3_000);
    expect(connections).toHaveLength(3);
    expect(book.valid).toBe(true);
  });

  it('a bug in the listener is not taken for a broken frame', async () => {
    const { listener, send } = await started();
    listener.onBook = () => {
      throw new TypeError('bug');
    };
    await expect(send(bookFrame(SYMBOL, 'delta', 101, [], []))).rejects.toThrow('bug');
  });

  it('a crossed book says so, and when it is over', async () => {
    const { send, listener } = await started();
    await send(bookFrame(SYMBOL, 'delta', 101, [[usd(60_001), 1]], []));
    expect(listener.statuses.at(-1)).toMatch(/crossed/);
    await send(bookFrame(SYMBOL, 'delta', 102, [[usd(60_001), 0]], []));
    expect(listener.statuses.at(-1)).toBe(`${SYMBOL} ok`);
  });

  it('a silent market is stale after its limit, and fresh with the next frame', async () => {
    const { send, listener, wait } = await started();
    await wait(4_500);
    expect(listener.statuses.at(-1)).toBe(`${SYMBOL} ok`);
    await wait(1_000);
    expect(listener.statuses.at(-1)).toMatch(/stale/);
    await send(bookFrame(SYMBOL, 'delta', 101, [], []));
    expect(listener.statuses.at(-1)).toBe(`${SYMBOL} ok`);
  });

  it('an unreadable frame invalidates every book and connects anew', async () => {
    const { send, book, listener, marketData, wait } = await started();
    const first = marketData();
    await send(bookFrame(SYMBOL, 'delta', 101, [BID], []).subarray(0, 110));
    await wait(1_000);
    expect(listener.notices[0]).toMatch(/^HS_PARADEX_FRAME/);
    expect(marketData()).not.toBe(first);
    expect(listener.statuses.slice(-2)).toEqual([expect.stringMatching(/connecting/), `${SYMBOL} ok`]);
    expect(book.valid).toBe(true);
  });

  it('a lost connection empties the book until the next snapshot', async () => {
    const { book, marketData, script, wait } = await started();
    script.acceptsSockets = false;
    marketData().drop();
    await wait(100);
    expect(book.valid).toBe(false);
    expect(book.bids.count).toBe(0);
    script.acceptsSockets = true;
    await wait(5_000);
    expect(book.valid).toBe(true);
  });
});
