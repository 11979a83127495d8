import { expect, it } from 'vitest';
import { classWithinAllowance } from './retail-allowance.ts';
import type { AccountState } from './state.ts';

const SECOND_US = 1_000_000;

function account(): AccountState {
  return { retailOrdersAtUs: [] as number[] } as AccountState;
}

it('makes the fourth order within a second Pro, and the next one after it Retail again', () => {
  const trader = account();
  const classes = [0, 100_000, 200_000, 300_000, SECOND_US].map((us) => classWithinAllowance(trader, 'retail', us));
  expect(classes).toEqual(['retail', 'retail', 'retail', 'pro', 'retail']);
});

it('holds 30 a minute, 300 an hour and 1000 a day', () => {
  const countRetail = (everySeconds: number, orders: number): number => {
    const trader = account();
    const times = Array.from({ length: orders }, (_, index) => index * everySeconds * SECOND_US);
    return times.filter((us) => classWithinAllowance(trader, 'retail', us) === 'retail').length;
  };
  expect(countRetail(1, 60)).toBe(30);
  expect(countRetail(3, 1_200)).toBe(300);
  expect(countRetail(15, 5_760)).toBe(1_000);
});

it('leaves Pro orders alone', () => {
  const trader = account();
  for (let order = 0; order < 10; order++) expect(classWithinAllowance(trader, 'pro', 0)).toBe('pro');
  expect(trader.retailOrdersAtUs).toEqual([]);
});
