import { expect, test } from 'vitest';
import { hrefOf, parseRoute } from './routes.ts';

test('addresses round-trip', () => {
  expect(parseRoute(hrefOf({ page: 'latency' }))).toEqual({ page: 'latency' });
  expect(parseRoute(hrefOf({ page: 'trade', tradeId: 4124 }))).toEqual({ page: 'trade', tradeId: 4124 });
});

test.each(['', '#', '#/nowhere', '#/trade', '#/trade/0', '#/trade/-1', '#/trade/1e3', '#/trade/<script>'])(
  '%s leads to the overview',
  (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'overview' });
  },
);
