import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VirtualTime, virtualPracticeHost } from '../../simulation/virtual-time.ts';
import { shippedTapesFolder } from './catalogue.ts';
import type { MarketUpdate, RecordedTrade } from '../market.ts';
import { loadTape } from './load-tape.ts';
import { writeSmallTape } from './tape-folders.fixture.ts';
import { createTapePlayer } from './tape-player.ts';

const START_WALL_MS = 1_800_000_000_000;
const EPOCH_US = START_WALL_MS * 1000 + 1_000_000;

function playing(folder: string, atEnd: 'stop' | 'restart' = 'stop') {
  const time = new VirtualTime();
  const host = virtualPracticeHost(time, START_WALL_MS, () => 0.5);
  const player = createTapePlayer({ tape: loadTape(folder), host, atEnd });
  const updates: MarketUpdate[] = [];
  const trades: RecordedTrade[] = [];
  player.markets.paradex.onUpdate((update) => updates.push(update));
  player.markets.paradex.onTrade((trade) => trades.push(trade));
  player.start(EPOCH_US);
  /** Runs to `ms` of the tape. */
  const runTo = (ms: number): Promise<void> => time.run(1_000_000 + ms * 1000);
  return { player, market: player.markets.paradex, updates, trades, runTo };
}

test('updates come at their recorded distance from the epoch, in the venue units', async () => {
  const { market, updates, trades, runTo } = playing(writeSmallTape().folder);
  expect(market.isOpen()).toBe(false);
  await runTo(20);
  expect(market.isOpen()).toBe(true);
  expect(updates.map((update) => [update.venueTimeUs - EPOCH_US, update.kind])).toEqual([
    [0, 'snapshot'],
    [10_000, 'change'],
    [20_000, 'change'],
  ]);
  expect(market.bids(5)).toEqual([
    { priceE8: 99_9 * 1e7, sizeE8: 4e8 },
    { priceE8: 99_8 * 1e7, sizeE8: 7e8 },
  ]);
  expect(market.midE8()).toBe(100e8);
  expect(trades).toEqual([{ venueTimeUs: EPOCH_US + 15_000, priceE8: 100e8, sizeE8: 5e7, takerSide: 'SELL' }]);
});

test('own fills walk the depth within the limit and are missing until the level changes on the tape', async () => {
  const { market, updates, runTo } = playing(writeSmallTape().folder);
  await runTo(1);
  expect(market.take('BUY', 4e8, 100.1e8)).toEqual([{ priceE8: 100.1e8, sizeE8: 3e8 }]);
  expect(market.asks(1)).toEqual([{ priceE8: 100.3e8, sizeE8: 9e8 }]);
  expect(market.take('BUY', 1e8, 100.2e8)).toEqual([]);
  await runTo(29);
  expect(market.asks(1)[0]!.priceE8).toBe(100.3e8);
  expect(updates.some((update) => update.asks.some((level) => level.priceE8 === 100.1e8 && level.sizeE8 === 0))).toBe(
    true,
  );
  await runTo(30);
  expect(market.isOpen()).toBe(false);
  expect(market.asks(1)).toEqual([{ priceE8: 100.1e8, sizeE8: 1e8 }]);
});

test('what own fills take is published after the turn that took it', async () => {
  const { market, updates, runTo } = playing(writeSmallTape().folder);
  await runTo(1);
  const before = updates.length;
  market.take('SELL', 5e7, 1e8);
  expect(updates.length).toBe(before);
  await runTo(2);
  expect(updates.at(-1)).toEqual({
    venueTimeUs: EPOCH_US + 1000,
    kind: 'change',
    bids: [{ priceE8: 100e8, sizeE8: 1.5e8 }],
    asks: [],
    touchChanged: true,
  });
});

test('an order of three times the touch walks the real depth, at worse prices only', async () => {
  const { market, runTo } = playing(join(shippedTapesFolder(), 'btc-usdm-coinm'));
  await runTo(60_000);
  const touch = market.asks(1)[0]!;
  const matches = market.take('BUY', 3 * touch.sizeE8, 70_000e8);
  expect(matches.length).toBeGreaterThan(1);
  expect(matches.reduce((sum, match) => sum + match.sizeE8, 0)).toBe(3 * touch.sizeE8);
  expect(matches.every((match, i) => i === 0 || match.priceE8 > matches[i - 1]!.priceE8)).toBe(true);
});

test('stop: the markets close and the end is told', async () => {
  const { player, market, runTo } = playing(writeSmallTape().folder);
  let ended = 0;
  player.onEnd(() => ended++);
  await runTo(100);
  expect([ended, market.isOpen(), market.take('BUY', 1e8, 200e8).length]).toEqual([1, false, 0]);
  expect(player.positionMs()).toBe(30);
});

test('restart: a new epoch is told before its snapshot replaces the book', async () => {
  const { player, market, updates, runTo } = playing(writeSmallTape().folder, 'restart');
  const order: string[] = [];
  market.onEpoch((epoch) => order.push(`epoch ${epoch}`));
  market.onUpdate((update) => order.push(update.kind));
  await runTo(31);
  expect(order).toEqual(['snapshot', 'change', 'change', 'change', 'change', 'epoch 1', 'snapshot']);
  expect(updates.at(-1)!.venueTimeUs).toBe(EPOCH_US + 30_000);
  expect(player.endsAtUs()).toBe(EPOCH_US + 60_000);
  expect(player.positionMs()).toBe(1);
});
