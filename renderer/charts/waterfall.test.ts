import { expect, test } from 'vitest';
import { consumedLevels } from './book-levels.ts';
import { linearScale } from './scale.ts';
import { stampMarks, waterfallRange } from './waterfall.ts';

test('names of stamps that would cover each other are dropped, the confirmation keeps its name', () => {
  const marks = stampMarks({ t4: 0, t5: 190, t6: 198, t7: 200, t8: 206 }, linearScale(0, 400, 0, 400));
  expect(marks.map((mark) => [mark.name, mark.named])).toEqual([
    ['t4', true],
    ['t5', true],
    ['t6', false],
    ['t7', false],
    ['t8', true],
  ]);
});

test('the axis spans from the earliest stretch to the latest', () => {
  const [low, high] = waterfallRange([
    { kind: 'feed', from: -85, to: -1 },
    { kind: 'line', from: 1, to: 386 },
  ]);
  expect(low).toBeLessThan(-85);
  expect(high).toBeGreaterThan(386);
});

test('fills are found at their level; a fill elsewhere means the book had moved', () => {
  const fill = { fillId: '1', feeE8: 0, venueAt: 0, receivedAt: 0 };
  const { rows, elsewhere } = consumedLevels({
    bookAtDetection: [
      [100, 5],
      [101, 9],
    ],
    fills: [
      { ...fill, priceE8: 100, sizeE8: 5 },
      { ...fill, priceE8: 103, sizeE8: 2 },
    ],
  });
  expect(rows.map((row) => row.takenE8)).toEqual([5, 0]);
  expect(elsewhere).toEqual([{ priceE8: 103, sizeE8: 2 }]);
});
