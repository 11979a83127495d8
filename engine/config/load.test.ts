import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './load.ts';

const GOOD = `bots:
  - id: btc
    pair: BTC
    dex_a: vest
    dex_b: paradex
    spread_entry: 0.18
    spread_exit: -0.05
    leverage: 5
    position_size: 0.1
`;

function problems(text: string): ConfigError['problems'] {
  try {
    parseConfig(text, 'desk.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  it('reads the operator’s keys and fills in the defaults', () => {
    const config = parseConfig(GOOD, 'desk.yaml');
    expect(config.bots[0]).toMatchObject({
      id: 'btc',
      spread_entry: 0.18,
      spread_exit: -0.05,
      entry_confirm_ticks: 1,
      order_class: 'pro',
    });
    expect(config.risk.max_notional_usd).toBe(25_000);
  });

  it('reads the operator’s risk and api keys', () => {
    const config = parseConfig(
      `${GOOD}risk:\n  adl_warning: 0.7\n  adl_critical: 0.9\n  max_duration_hours: 12\napi:\n  port: 8080\n`,
      'desk.yaml',
    );
    expect(config.risk).toMatchObject({ adl_warning: 0.7, max_duration_hours: 12 });
  });

  it('names line and field of an unknown key', () => {
    expect(problems(`${GOOD}    spred_exit: 1\n`)).toEqual([
      { line: 10, column: 5, field: 'bots[0].spred_exit', message: 'is not a key Halfspread knows' },
    ]);
  });

  it('names line and field of a wrong type', () => {
    expect(problems(GOOD.replace('leverage: 5', 'leverage: five'))).toEqual([
      { line: 8, column: 15, field: 'bots[0].leverage', message: 'must be a number, not "five"' },
    ]);
  });

  it('refuses an exit that is not below the entry, at the exit’s line', () => {
    const [problem] = problems(GOOD.replace('spread_exit: -0.05', 'spread_exit: 0.18'));
    expect(problem).toMatchObject({ line: 7, field: 'bots[0].spread_exit' });
  });

  it.each([
    ['leverage: 5', 'leverage: 101', 'bots[0].leverage'],
    ['position_size: 0.1', 'position_size: 0', 'bots[0].position_size'],
    ['spread_entry: 0.18', 'spread_entry: .nan', 'bots[0].spread_entry'],
    ['dex_b: paradex', 'dex_b: vest', 'bots[0].dex_b'],
    ['dex_b: paradex', 'dex_b: binance', 'bots[0].dex_b'],
  ])('refuses %s -> %s', (from, to, field) => {
    expect(problems(GOOD.replace(from, to)).map((p) => p.field)).toContain(field);
  });

  it('refuses the same id twice', () => {
    expect(problems(GOOD + GOOD.slice('bots:\n'.length))[0]).toMatchObject({ line: 10, field: 'bots[1].id' });
  });

  it('names a missing key at its desk', () => {
    expect(problems(GOOD.replace('    pair: BTC\n', ''))).toEqual([
      { line: 2, column: 5, field: 'bots[0].pair', message: 'is missing' },
    ]);
  });

  it('names the line of broken YAML and of a doubled key', () => {
    expect(problems('bots:\n  - id: [1\n')[0]).toMatchObject({ field: 'YAML' });
    expect(problems(`${GOOD}    pair: ETH\n`)[0]).toMatchObject({ line: 10, field: 'YAML' });
  });

  it('says that an empty file has no desk', () => {
    expect(problems('')[0]).toMatchObject({ line: 1, field: 'bots' });
  });
});
