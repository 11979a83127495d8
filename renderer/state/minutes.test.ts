import { expect, test } from 'vitest';
import { minuteOfTime, timeOfMinute } from './minutes.ts';

test.each([0, 425, 719, 720, 1439])('minute %d of a day round-trips', (minute) => {
  expect(minuteOfTime(timeOfMinute(minute))).toBe(minute);
});

test('is written with two digits each', () => {
  expect(timeOfMinute(425)).toBe('07:05');
});

test.each(['', '24:00', '7:05', '07:60', '07:05:00'])('"%s" is no time of day', (time) => {
  expect(minuteOfTime(time)).toBeUndefined();
});
