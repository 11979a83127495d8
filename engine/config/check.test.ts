import { expect, it } from 'vitest';
import { checkConfig } from './check.ts';

const GOOD = `bots:
  - id: btc
    pair: BTC
    dex_a: vest
    dex_b: paradex
    spread_entry: 0.18
    spread_exit: 0.03
    leverage: 2
    position_size: 0.001
risk:
  max_notional_usd: 500
`;

it('tells what a valid config runs, with the limits it leaves to their defaults', () => {
  expect(checkConfig(GOOD, 'desk.yaml')).toEqual({
    ok: true,
    summary: {
      desk: 'btc',
      coin: 'BTC',
      venueA: 'vest',
      venueB: 'paradex',
      spreadEntryPercent: 0.18,
      spreadExitPercent: 0.03,
      size: 0.001,
      leverage: 2,
      orderClass: 'pro',
      maxNotionalUsd: 500,
      maxUnhedgedMs: 3000,
      maxDayLossUsd: 400,
    },
  });
});

it('names every problem with line, column and field', () => {
  const text = GOOD.replace('spread_exit: 0.03', 'spread_exit: 0.2').replace('leverage: 2', 'levrage: 2');
  const answer = checkConfig(text, 'desk.yaml');
  expect(answer).toMatchObject({ ok: false });
  expect(answer.ok ? [] : answer.problems.map(({ line, field }) => `${line} ${field}`).sort()).toEqual([
    '2 bots[0].leverage',
    '8 bots[0].levrage',
  ]);
});

it.each([
  ['broken YAML', 'bots: [', /YAML/],
  ['an empty file', '', /bots/],
  ['a file that is far too long', `# ${'x'.repeat(300_000)}`, /\(file\)/],
])('refuses %s', (_what, text, field) => {
  const answer = checkConfig(text, 'desk.yaml');
  expect(answer.ok ? [] : answer.problems.map((problem) => problem.field).join()).toMatch(field);
});

it('shows a bounded number of problems', () => {
  const text = `${GOOD}${Array.from({ length: 200 }, (_, index) => `key${index}: 1\n`).join('')}`;
  const answer = checkConfig(text, 'desk.yaml');
  expect(answer.ok ? 0 : answer.problems.length).toBe(50);
});
