import { expect, test } from 'vitest';
import { sampleSnapshot } from '../sample/snapshot.ts';
import { latencyAnswer } from './latency-answer.ts';
import { countedTrades, feesVerdict, frameAgeMs, isOpen, isTroubled, openTrades, slowerLeg } from './selectors.ts';
import { largestPart, meanFees } from './slippage-answer.ts';

const snapshot = sampleSnapshot({ network: 'vps-near', orderClass: 'retail' });

test('the slower leg is the one with the higher median, the answer names the bump apart from the venue', () => {
  expect(slowerLeg(snapshot.statistics)?.venue).toBe('paradex');
  const answer = latencyAnswer(snapshot)!;
  expect(answer.bumpMs).toBe(300);
  expect(answer.venueMs).toBeLessThan(60);
  expect(answer.lineMs).toBeGreaterThan(25);
  expect(answer.totalMs).toBeGreaterThan(300);
});

test('a desk without orders has no answer and no slower leg', () => {
  const empty = sampleSnapshot({ fill: 'empty' });
  expect(slowerLeg(empty.statistics)).toBeUndefined();
  expect(latencyAnswer(empty)).toBeUndefined();
});

test('fees that exceed the largest spread seen leave no threshold that pays', () => {
  expect(feesVerdict(11, 3.8)).toBe('noPay');
  expect(feesVerdict(2, 3.8)).toBe('pays');
  expect(feesVerdict(0, 3.8)).toBe('none');
  expect(feesVerdict(11, undefined)).toBe('unknown');
});

test('open and troubled trades', () => {
  const flat = snapshot.trades.find((trade) => trade.state === 'FLAT')!;
  expect(openTrades(snapshot).every(isOpen)).toBe(true);
  expect(isOpen(flat)).toBe(false);
  expect(isTroubled(flat)).toBe(false);
  expect(isTroubled({ ...flat, state: 'DOUBT' })).toBe(true);
  expect(isTroubled({ ...flat, entry: { ...flat.entry, state: 'failed' } })).toBe(true);
});

test('trades of another line or market do not count with this one', () => {
  const [first, ...rest] = snapshot.trades;
  const mixed = { ...snapshot, trades: [{ ...first!, network: 'fibre' }, ...rest] };
  expect(countedTrades(mixed)).toEqual(rest);
});

test('the frame age is the freshest stream, never a REST connection', () => {
  const vest = snapshot.venues[0]!;
  expect(frameAgeMs(vest, snapshot.at)).toBe(84);
  expect(frameAgeMs({ ...vest, connections: [] }, snapshot.at)).toBe(12);
  expect(frameAgeMs({ ...vest, connections: [], lastFrameAt: undefined }, snapshot.at)).toBeUndefined();
});

test('the largest part of the slippage is found by size, fees are a mean per episode', () => {
  const parts = (delay: number, walk: number) => ({ delay: { n: 9, mean: delay }, walk: { n: 9, mean: walk } });
  const statistics = {
    ...snapshot.statistics,
    slippageByLeg: [
      { venue: 'vest', ...parts(0.2, 0) },
      { venue: 'paradex', ...parts(-0.4, 0.3) },
    ],
  };
  expect(largestPart({ ...snapshot, statistics })).toEqual({ venue: 'paradex', part: 'delay', bps: -0.4 });
  const fees = meanFees(snapshot.trades);
  expect(fees.bps).toBeCloseTo(1);
  expect(fees.byVenue.get('vest')).toBeCloseTo(1);
  expect(meanFees([]).n).toBe(0);
});
