import { expect, test } from 'vitest';
import { parseFees, parseListen, parsePracticeArguments } from './options.ts';

test('nothing given means the default tape and network, published fees and free ports', () => {
  expect(parsePracticeArguments([])).toEqual({
    list: false,
    tape: 'btc-usdm-coinm',
    network: 'adsl-rural',
    otherNetworks: [],
    fees: { kind: 'published' },
    listen: undefined,
    seed: 1,
    atEnd: 'restart',
    exitWithParent: false,
  });
});

test('fees may be given per venue', () => {
  expect(parseFees('custom:0.5:1')).toEqual({ kind: 'custom', paradexTakerBps: 0.5, vestTakerBps: 1 });
});

test('a port is for Paradex, the next one for Vest', () => {
  expect(parseListen('0.0.0.0:7100')).toEqual({
    paradex: { host: '0.0.0.0', port: 7100 },
    vest: { host: '0.0.0.0', port: 7101 },
  });
  expect(parseListen('localhost').vest).toEqual({ host: 'localhost', port: 0 });
});

test.each([
  [['--fees', 'custom:1'], '--fees "custom:1"'],
  [['--listen', '127.0.0.1:99999'], '--listen'],
  [['--seed', '1.5'], '--seed "1.5"'],
  [['--at-end', 'loop'], '--at-end "loop"'],
  [['--speed', '2'], '--speed'],
])('%j is refused by name', (argv, named) => {
  expect(() => parsePracticeArguments(argv)).toThrow(
    expect.objectContaining({ code: 'HS_BAD_OPTION', message: expect.stringContaining(named) }),
  );
});
