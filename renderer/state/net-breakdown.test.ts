import { expect, test } from 'vitest';
import { sampleSnapshot } from '../sample/snapshot.ts';
import { netBreakdown } from './net-breakdown.ts';

test('gross at signal less delay, walk and fees is the net, to the cent', () => {
  const { trades, statistics } = sampleSnapshot();
  const { grossAtSignalUsd, delayUsd, walkUsd, feesUsd, netUsd, trades: closed } = netBreakdown(trades);
  const fees = feesUsd.reduce((sum, each) => sum + each.usd, 0);
  expect(closed).toBe(statistics.exits);
  expect(grossAtSignalUsd - delayUsd - walkUsd - fees).toBeCloseTo(netUsd, 2);
  expect(netUsd).toBeCloseTo(statistics.netE8 / 1e8, 6);
  expect(feesUsd.map((each) => each.venue)).toEqual(['paradex', 'vest']);
});

test('open trades are left out', () => {
  const { trades } = sampleSnapshot();
  const open = trades.filter((trade) => trade.state === 'OPEN');
  expect(open).not.toHaveLength(0);
  expect(netBreakdown(open)).toMatchObject({ trades: 0, netUsd: 0, feesUsd: [] });
});
