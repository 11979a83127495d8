import type { OrderClass } from './rules.ts';
import type { AccountState } from './state.ts';

/** Orders an account may place as Retail in each rolling window (Paradex: trader profiles). */
const WINDOWS = [
  { seconds: 1, orders: 3 },
  { seconds: 60, orders: 30 },
  { seconds: 3_600, orders: 300 },
  { seconds: 86_400, orders: 1_000 },
];
const LONGEST_WINDOW_US = 86_400_000_000;

/**
 * Class an order really gets: Retail while the account is within its allowance, Pro (fees, no speed bump) beyond it. Counts
 * the order. Whether cancels count too is not published; they do not here.
 */
export function classWithinAllowance(account: AccountState, asked: OrderClass, nowUs: number): OrderClass {
  if (asked === 'pro') return 'pro';
  const times = account.retailOrdersAtUs;
  while (times.length > 0 && times[0]! <= nowUs - LONGEST_WINDOW_US) times.shift();
  for (const { seconds, orders } of WINDOWS) {
    const limitingOrder = times.at(-orders);
    if (limitingOrder !== undefined && limitingOrder > nowUs - seconds * 1_000_000) return 'pro';
  }
  times.push(nowUs);
  return 'retail';
}
