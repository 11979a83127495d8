import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../engine/journal/journal.ts';
import { createNodeEnv } from '../../engine/node-env.ts';
import { createHome, lastJson, runCli, TAPES, type Ended, type Home } from '../proof/program.ts';

const BAD_INPUT = 2;
const NOT_RUNNING = 3;

let home: Home;
beforeEach(async () => {
  home = await createHome();
});
afterEach(() => home.remove());

/** A refusal: exit code, HS_ code, place, and what to do, for a person; nothing on standard output. */
function expectRefused(ended: Ended, code: string, ...said: string[]): void {
  expect(ended.code, ended.stderr).toBe(BAD_INPUT);
  expect(ended.stderr).toContain(`${code}: `);
  for (const text of said) expect(ended.stderr).toContain(text);
  expect(ended.stderr).toMatch(/What to do: \S/);
  expect(ended.stderr).not.toContain('    at ');
  expect(ended.stdout).toBe('');
}

const BOT = {
  id: 'one',
  pair: 'BTC',
  dex_a: 'vest',
  dex_b: 'paradex',
  spread_entry: '0.0157',
  spread_exit: '-0.0117',
  leverage: '5',
  position_size: '0.01',
};

function botYaml(change: Record<string, string> = {}): string {
  const lines = Object.entries({ ...BOT, ...change }).map(([key, value]) => `    ${key}: ${value}`);
  return `bots:\n${lines.join('\n').replace(/^ {4}/, '  - ')}\n`;
}

describe('a config that cannot be used', () => {
  async function runWith(yaml: string, ...args: string[]): Promise<Ended> {
    await writeFile(home.path('desk.yaml'), yaml);
    const ended = await runCli(['run', '--virtual', '--for', '5s', '--config', home.path('desk.yaml'), ...args], home);
    expect(await readFile(home.path('desk.yaml'), 'utf8')).toBe(yaml);
    expect(await readdir(home.folder)).toEqual(['desk.yaml']);
    return ended;
  }

  it.each([
    ['broken YAML', 'bots:\n  - id: one\n   pair: BTC\n', ':3:1', 'YAML'],
    ['an unknown key', botYaml({ colour: 'red' }), ':10:5', 'bots[0].colour'],
    ['a wrong type', botYaml({ position_size: '"much"' }), ':9:20', 'bots[0].position_size'],
    ['an exit above the entry', botYaml({ spread_exit: '0.02' }), ':7:18', 'bots[0].spread_exit'],
    ['no number', botYaml({ spread_entry: '.nan' }), ':6:19', 'bots[0].spread_entry'],
    ['the same venue twice', botYaml({ dex_b: 'vest' }), ':5:12', 'bots[0].dex_b'],
  ])('%s: names line, column and field', async (_name, yaml, place, field) => {
    expectRefused(await runWith(yaml), 'HS_CONFIG_INVALID', `desk.yaml${place} ${field}`);
  });

  it('names every problem, not only the first', async () => {
    const ended = await runWith(botYaml({ leverage: '101', position_size: '0', colour: 'red' }));
    expectRefused(ended, 'HS_CONFIG_INVALID', '3 problems', 'leverage', 'position_size', 'colour');
  });

  it('an unknown market: names bot and field, and the markets there are', async () => {
    expectRefused(await runWith(botYaml({ pair: 'DOGE' })), 'HS_MARKET_UNKNOWN', '"DOGE"', 'field pair', 'BTC');
  });

  it('a bot the file does not have: names those it has', async () => {
    expectRefused(await runWith(botYaml(), '--bot', 'two'), 'HS_BAD_BOT', '"two"', 'one');
  });

  it('no such file: names the path', async () => {
    const ended = await runCli(['run', '--virtual', '--config', home.path('none.yaml')], home);
    expectRefused(ended, 'HS_CONFIG_UNREADABLE', home.path('none.yaml'), '--config');
  });

  it('tells a script the same as one JSON object', async () => {
    await writeFile(home.path('desk.yaml'), botYaml({ pair: 'DOGE' }));
    const ended = await runCli(['run', '--virtual', '--config', home.path('desk.yaml'), '--json'], home);
    expect(ended.code).toBe(BAD_INPUT);
    expect(lastJson(ended)).toEqual({
      error: {
        code: 'HS_MARKET_UNKNOWN',
        message: expect.stringContaining('DOGE'),
        remedy: expect.stringContaining('BTC'),
      },
    });
  });

  it('is refused on the real clock too, after the venues are stopped again', async () => {
    await writeFile(home.path('desk.yaml'), botYaml({ pair: 'DOGE' }));
    const args = [
      'run',
      '--network',
      'none',
      '--for',
      '5s',
      '--config',
      home.path('desk.yaml'),
      '--data',
      home.path('d'),
    ];
    expectRefused(await runCli(args, home), 'HS_MARKET_UNKNOWN', '"DOGE"');
  });
});

it('a threshold above everything seen: says so, with the largest spread seen', async () => {
  await writeFile(home.path('desk.yaml'), botYaml({ spread_entry: '0.12' }));
  const args = ['run', '--virtual', '--for', '10s', '--config', home.path('desk.yaml'), '--json'];
  const ended = await runCli(args, home);
  expect(ended.code, ended.stderr).toBe(0);
  const { remarks, largestSpreadBps, trades } = lastJson(ended) as {
    remarks: string[];
    largestSpreadBps: number;
    trades: { entries: number };
  };
  expect(trades.entries).toBe(0);
  expect(largestSpreadBps).toBeGreaterThan(1.4);
  expect(largestSpreadBps).toBeLessThan(1.6);
  expect(remarks[0]).toMatch(/^No signal: largest spread seen 0\.01[45]\d %, entry at 0\.120 % \(spread_entry\)\.$/);
});

describe('a command line that cannot be used', () => {
  it.each([
    ['an unknown command', ['frob'], "unknown command 'frob'"],
    ['an unknown option', ['run', '--frob'], "unknown option '--frob'"],
    ['an option of a nested command', ['practice', 'serve', '--frob'], "unknown option '--frob'"],
    ['no duration', ['run', '--for', 'abc'], '"abc" is not a duration'],
    ['a duration of nothing', ['run', '--for', '0s'], '"0s" is not a duration'],
    ['a duration without unit', ['run', '--for', '120'], '"120" is not a duration'],
    ['a seed that is no number', ['run', '--seed', 'x'], '"x" is not a whole number'],
    ['a negative limit', ['trades', '--limit', '-1'], '"-1" is not a whole number'],
    ['a missing argument', ['run', '--tape'], "'--tape <id or folder>' argument missing"],
  ])('%s', async (_name, args, said) => {
    const ended = await runCli(args, home);
    expect(ended.code, ended.stderr).toBe(BAD_INPUT);
    expect(ended.stderr).toContain(said);
    expect(ended.stderr).toContain('--help');
    expect(ended.stdout).toBe('');
  });

  it.each([
    ['fees', ['--fees', '3'], 'HS_BAD_OPTION', 'custom:4.5:1'],
    ['an unknown tape', ['--tape', 'nix'], 'HS_TAPE_UNKNOWN', 'btc-usdm-coinm'],
    ['an unknown network', ['--network', 'nix'], 'HS_NETWORK_UNKNOWN', 'vps-near'],
    ['a mode there is not', ['--mode', 'dream'], 'HS_BAD_MODE', 'practice'],
    ['live trading', ['--mode', 'live'], 'HS_BAD_MODE', 'window'],
    ['an address for practice', ['--vest-rest', 'http://127.0.0.1:1/v2'], 'HS_BAD_OPTION', 'paper'],
  ])('%s: lists what there is', async (_name, args, code, said) => {
    expectRefused(await runCli(['run', '--virtual', ...args], home), code, said);
  });

  it.each([
    ['without a config', [], 'HS_CONFIG_MISSING', '--config'],
    ['with a line of practice', ['--network', 'fibre'], 'HS_BAD_NETWORK', 'testnet'],
    ['with half of an address', ['--vest-rest', 'http://127.0.0.1:1/v2'], 'HS_BAD_ENDPOINT', '--vest-ws'],
    ['with a tape', ['--tape', 'btc-usdm-coinm'], 'HS_BAD_OPTION', '--tape'],
    ['on a virtual clock', ['--virtual'], 'HS_BAD_OPTION', '--virtual'],
  ])('paper %s', async (_name, args, code, said) => {
    expectRefused(await runCli(['run', '--mode', 'paper', ...args], home), code, said);
  });

  it('is refused on the real clock with the code of the venues’ process', async () => {
    const ended = await runCli(['run', '--tape', 'nix', '--for', '1s', '--data', home.path('d'), '--json'], home);
    expect(ended.code, ended.stderr).toBe(BAD_INPUT);
    expect(lastJson(ended)).toMatchObject({ error: { code: 'HS_TAPE_UNKNOWN' } });
  });

  it('prints help for every command, and none of it is a failure', async () => {
    const commands = [
      [],
      ['run'],
      ['practice'],
      ['practice', 'serve'],
      ['practice', 'list'],
      ['status'],
      ['trades'],
      ['open'],
    ];
    const helps = await Promise.all(commands.map((command) => runCli([...command, '--help'], home)));
    for (const [index, help] of helps.entries()) {
      expect(help.code, help.stderr).toBe(0);
      expect(help.stdout).toContain(`Usage: ${['halfspread', ...commands[index]!].join(' ')}`);
      expect(help.stderr).toBe('');
    }
    expect(helps[1]!.stdout).toContain('spread_entry: 0.0157');
  });
});

describe('a tape that cannot be used', () => {
  const RECORDING = 'recordings/binance_btc_3markets_20240808';
  let tapes: Home;
  let folder: string;
  beforeAll(async () => {
    tapes = await createHome();
    await cp(TAPES, tapes.path('tapes'), { recursive: true });
    folder = tapes.path('tapes', 'btc-usdm-coinm');
  });
  afterAll(() => tapes.remove());

  const stream = (name: string): string => tapes.path('tapes', RECORDING, name);

  /** Runs with the tape changed, and puts it back. */
  async function runWithChanged(path: string, change: (old: Buffer) => Buffer | undefined): Promise<Ended> {
    const old = await readFile(path);
    const changed = change(old);
    if (changed) await writeFile(path, changed);
    else await rm(path);
    try {
      return await runCli(['run', '--virtual', '--for', '5s', '--tape', folder], home);
    } finally {
      await writeFile(path, old);
    }
  }

  const withLines = (change: (lines: string[]) => void) => (old: Buffer) => {
    const lines = gunzipSync(old).toString().split('\n');
    change(lines);
    return gzipSync(lines.join('\n'), { level: 1 });
  };

  it('a damaged line: names file and line', async () => {
    const path = stream('bbo_usdm.csv.gz');
    const ended = await runWithChanged(
      path,
      withLines((lines) => (lines[499] = 'not,a,quote')),
    );
    expectRefused(ended, 'HS_TAPE_LINE', `${path}, line 500`);
  });

  it('a stream file missing: names it', async () => {
    const path = stream('depth_coinm.jsonl.gz');
    expectRefused(await runWithChanged(path, () => undefined), 'HS_TAPE_MISSING_FILE', path);
  });

  it('a stream file cut short: names it', async () => {
    const path = stream('bbo_coinm.csv.gz');
    expectRefused(await runWithChanged(path, (old) => old.subarray(0, old.length / 2)), 'HS_TAPE_LINE', path);
  });

  it('another tick than the recording’s: names file and line', async () => {
    const ended = await runWithChanged(join(folder, 'tape.json'), (old) =>
      Buffer.from(old.toString().replace('"tick": "0.1"', '"tick": "0.5"')),
    );
    expectRefused(ended, 'HS_TAPE_TICK', 'bbo_usdm.csv.gz, line ');
  });

  it('a tape.json with an unknown field: names file and field', async () => {
    const ended = await runWithChanged(join(folder, 'tape.json'), (old) =>
      Buffer.from(old.toString().replace('"coin"', '"colour": "red", "coin"')),
    );
    expectRefused(ended, 'HS_TAPE_FORMAT', join(folder, 'tape.json'), 'colour');
  });

  it('a folder without tape.json: names what is missing', async () => {
    await mkdir(home.path('empty'));
    const ended = await runCli(['run', '--virtual', '--tape', home.path('empty')], home);
    expectRefused(ended, 'HS_TAPE_MISSING_FILE', home.path('empty'), 'tape.json is missing');
  });
});

it('a busy port: names it', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const { port } = occupant.address() as AddressInfo;
  try {
    const ended = await runCli(['practice', 'serve', '--listen', `127.0.0.1:${port}`, '--json'], home);
    expect(ended.code, ended.stderr).toBe(BAD_INPUT);
    expect(lastJson(ended)).toMatchObject({
      error: { code: 'HS_LISTEN_BUSY', message: expect.stringContaining(String(port)) },
    });
  } finally {
    await new Promise((resolve) => occupant.close(resolve));
  }
});

describe('a data folder that cannot be used', () => {
  it('a file where the folder should be: named, unchanged', async () => {
    await writeFile(home.path('desk'), 'mine');
    const run = ['run', '--network', 'none', '--for', '1s', '--data', home.path('desk')];
    expectRefused(await runCli(run, home), 'HS_DISK', home.path('desk'), '--data');
    expectRefused(await runCli(['trades', '--data', home.path('desk')], home), 'HS_DISK', home.path('desk'));
    expectRefused(await runCli(['status', '--data', home.path('desk')], home), 'HS_RUNTIME_FILE', home.path('desk'));
    expect(await readFile(home.path('desk'), 'utf8')).toBe('mine');
  });

  it('a folder where the journal should be: named', async () => {
    await mkdir(home.path('desk', 'journal.jsonl'), { recursive: true });
    const ended = await runCli(['trades', '--data', home.path('desk')], home);
    expectRefused(ended, 'HS_DISK', home.path('desk', 'journal.jsonl'));
  });
});

describe('a journal that is not what was written', () => {
  let journal: string;
  beforeEach(async () => {
    const env = createNodeEnv();
    const opened = await openJournal(env, home.path('desk'));
    for (let from = 0; from < 20; from++) opened.journal.append({ kind: 'idBlock', from, to: from });
    await opened.journal.close();
    await env.close();
    journal = home.path('desk', 'journal.jsonl');
  });

  function run(): Promise<Ended> {
    const args = ['run', '--network', 'none', '--fees', 'zero', '--for', '1s', '--data', home.path('desk')];
    return runCli(args, home);
  }

  it('a flipped byte in its middle: refused with file and line, by every command, and nothing is changed', async () => {
    const bytes = await readFile(journal);
    const lineStart = bytes.toString().split('\n').slice(0, 9).join('\n').length + 1;
    bytes[lineStart + 40]! ^= 1;
    await writeFile(journal, bytes);
    expectRefused(await run(), 'HS_JOURNAL_CORRUPT', `${journal}:10:`, 'Restore the file');
    expectRefused(await runCli(['trades', '--data', home.path('desk')], home), 'HS_JOURNAL_CORRUPT', `${journal}:10:`);
    expect(sha256(await readFile(journal))).toBe(sha256(bytes));
    expect(await readdir(home.path('desk'))).toEqual(['journal.jsonl']);
  });

  it('a last line cut short: kept aside, said, and everything before it still counts', async () => {
    const bytes = await readFile(journal);
    const lastLine = bytes.toString().trimEnd().split('\n').at(-1)!;
    const torn = lastLine.slice(0, 30);
    await writeFile(journal, bytes.subarray(0, bytes.length - lastLine.length - 1 + torn.length));
    const ended = await run();
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('HS_JOURNAL_TORN');
    expect(ended.stderr).toContain('Line 20');
    const aside = (await readdir(home.path('desk'))).filter((name) => name.startsWith('journal.jsonl.torn-'));
    expect(aside).toHaveLength(1);
    expect(ended.stderr).toContain(aside[0]!);
    expect(await readFile(home.path('desk', aside[0]!), 'utf8')).toBe(torn);
    const now = await readFile(journal, 'utf8');
    expect(now.startsWith(bytes.toString().split('\n').slice(0, 19).join('\n'))).toBe(true);
    expect((await runCli(['trades', '--data', home.path('desk')], home)).code).toBe(0);
  });
});

describe('nothing that runs', () => {
  it('status says so with a code of its own, and creates nothing', async () => {
    const ended = await runCli(['status', '--data', home.path('desk')], home);
    expect(ended.code).toBe(NOT_RUNNING);
    expect(ended.stderr).toContain('HS_NOT_RUNNING: ');
    expect(ended.stderr).toContain(home.path('desk'));
    await expect(stat(home.path('desk'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('open says so', async () => {
    const ended = await runCli(['open', '--json'], home);
    expect(ended.code).toBe(NOT_RUNNING);
    expect(lastJson(ended)).toMatchObject({ error: { code: 'HS_NOT_RUNNING' } });
  });

  it('trades of an empty history are none', async () => {
    const ended = await runCli(['trades', '--json', '--data', home.path('desk')], home);
    expect([ended.code, lastJson(ended)]).toEqual([0, []]);
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
