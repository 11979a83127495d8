import { describe, expect, it } from 'vitest';
import { DayLoss, exposureOf, UnhedgedClock } from './risk.ts';

describe('exposureOf', () => {
  const hedged = [
    { venue: 'paradex', positionE8: 3_000_000, priceE8: 60_000e8 },
    { venue: 'vest', positionE8: -3_000_000, priceE8: 60_010e8 },
  ];

  it('sums the signed positions and the value of both legs', () => {
    expect(exposureOf(hedged, [])).toEqual({
      netDeltaE8: 0,
      worstNetDeltaE8: 0,
      notionalUsdE8: 3600.3e8,
      ordersInDoubt: 0,
    });
  });

  it('counts an order in doubt at what it could still fill, in the direction that hurts', () => {
    const figures = exposureOf(hedged.slice(0, 1), [
      { side: 'SELL', unfilledE8: 3_000_000, inDoubt: true },
      { side: 'BUY', unfilledE8: 1_000_000, inDoubt: false },
    ]);
    expect(figures).toMatchObject({ netDeltaE8: 3_000_000, worstNetDeltaE8: 4_000_000, ordersInDoubt: 1 });
  });
});

it('times how long the desk is unhedged, dust left out', () => {
  const clock = new UnhedgedClock();
  clock.update(500, 1000, 10);
  expect(clock.durationMs(50)).toBe(0);
  clock.update(-5000, 1000, 100);
  clock.update(-4000, 1000, 150);
  expect(clock.durationMs(200)).toBe(100);
  clock.update(0, 1000, 210);
  expect(clock.durationMs(220)).toBe(0);
});

describe('DayLoss', () => {
  const noon = Date.UTC(2026, 10, 23, 12);
  it('adds up results of one UTC day and starts anew at midnight', () => {
    const day = new DayLoss();
    day.add(-500, noon);
    day.add(200, noon + 1000);
    expect(day.lossE8(noon + 2000)).toBe(300);
    expect(day.lossE8(noon + 86_400_000)).toBe(0);
    day.add(-70, noon + 86_400_000);
    expect(day.lossE8(noon + 86_400_000)).toBe(70);
  });

  it('is no loss while the day is in profit', () => {
    const day = new DayLoss();
    day.add(900, noon);
    expect(day.lossE8(noon)).toBe(0);
  });
});
