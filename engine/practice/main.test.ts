import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

async function getJson(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

interface Ended {
  lines: string[];
  errors: string;
  code: number | null;
}

/** A process with something left to do for ever, as Electron's utility processes are. */
const ENDLESS = ['--import', 'data:text/javascript,setInterval(() => undefined, 1e9)'];

function start(args: string[], execArgv: string[] = []) {
  const child = spawn(process.execPath, [...execArgv, MAIN, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended: Ended = { lines: [], errors: '', code: null };
  let text = '';
  let onLine = (): void => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    ended.lines = text.split('\n').slice(0, -1);
    if (ended.lines.length > 0) onLine();
  });
  child.stderr.on('data', (chunk: Buffer) => (ended.errors += chunk.toString()));
  const end = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
  const ready = new Promise<void>((resolve) => (onLine = resolve));
  return { child, end, ready, ended };
}

test('prints one JSON line with both venues, serves them, and ends on SIGTERM', async () => {
  const { child, end, ready, ended } = start(['--network', 'none', '--seed', '7']);
  await ready;
  const description = JSON.parse(ended.lines[0]!);
  expect(description).toMatchObject({
    paradex: {
      restUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/),
      wsUrl: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/v1$/),
      accounts: [expect.objectContaining({ l2PrivateKey: expect.any(String), ethPrivateKey: expect.any(String) }), {}],
    },
    vest: {
      restUrl: expect.stringMatching(/\/v2$/),
      accounts: [expect.objectContaining({ apiKey: expect.any(String) }), {}],
    },
    markets: [{ coin: 'BTC', paradex: 'BTC-USD-PERP', vest: 'BTC-PERP' }],
    tape: { id: 'btc-usdm-coinm', atEnd: 'restart', entryBps: 1.57, exitBps: -1.17, sizeE8: 1_000_000 },
    fees: { kind: 'published', roundTripBps: 11 },
    network: 'none',
  });
  expect(await getJson(`${description.paradex.restUrl}/bbo/BTC-USD-PERP`)).toMatchObject({
    market: 'BTC-USD-PERP',
    bid: expect.stringMatching(/^6\d{4}/),
  });
  expect(await getJson(`${description.vest.restUrl}/depth?symbol=BTC-PERP`)).toMatchObject({
    bids: expect.arrayContaining([[expect.stringMatching(/^6\d{4}\.\d\d$/), expect.any(String)]]),
  });
  expect(await getJson(description.statusUrl)).toMatchObject({
    lateness: { tape: { n: expect.any(Number), p99Ms: expect.any(Number) }, exceedsBar: expect.any(Boolean) },
    tape: { positionMs: expect.any(Number), endsAtWallMs: expect.any(Number) },
  });
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ code: 0, lines: [expect.anything()] });
}, 30_000);

test('serves the same venues over a second line, which has its own delay', async () => {
  const { child, end, ready, ended } = start(['--network', 'none', '--line', 'vps-near']);
  await ready;
  const description = JSON.parse(ended.lines[0]!);
  const [line] = description.otherLines;
  expect(line).toMatchObject({ network: 'vps-near', orderToAckMs: 41 });
  expect(line.paradex.restUrl).not.toBe(description.paradex.restUrl);
  const time = async (url: string): Promise<number> => {
    const startedAt = performance.now();
    await getJson(url);
    return performance.now() - startedAt;
  };
  // A line never delivers early: two ways of 15.2 ms at least.
  expect(await time(`${line.paradex.restUrl}/system/time`)).toBeGreaterThan(30);
  expect(await time(`${line.vest.restUrl}/exchangeInfo`)).toBeGreaterThan(30);
  const accounts = (restUrl: string) => getJson(`${restUrl}/markets`);
  expect(await accounts(line.paradex.restUrl)).toEqual(await accounts(description.paradex.restUrl));
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
});

test('an unknown second line is refused with the lines there are', async () => {
  const { code, errors } = await start(['--line', 'carrier-pigeon']).end;
  expect(code).toBe(2);
  expect(errors).toContain('carrier-pigeon');
});

test('ends when its parent does', async () => {
  const { child, end, ready } = start(['--network', 'none', '--exit-with-parent']);
  await ready;
  child.stdin.end();
  expect((await end).code).toBe(0);
}, 30_000);

test('lists tapes and networks', async () => {
  const { lines, code } = await start(['--list', '--json'], ENDLESS).end;
  const { tapes, networks } = JSON.parse(lines[0]!);
  expect([code, lines.length]).toEqual([0, 1]);
  expect(tapes[0]).toMatchObject({ id: 'btc-usdm-coinm', title: expect.any(String), durationMs: 342777.604 });
  expect(networks.map((network: { id: string }) => network.id)).toEqual([
    'adsl-rural',
    '4g',
    'fibre',
    'vps-near',
    'none',
  ]);
}, 30_000);

test('what cannot run is refused in one line that names the remedy, with exit code 2', async () => {
  const ended = await start(['--tape', 'eth'], ENDLESS).end;
  expect([ended.code, ended.lines.length]).toEqual([2, 1]);
  expect(JSON.parse(ended.lines[0]!)).toEqual({
    ready: false,
    error: {
      code: 'HS_TAPE_UNKNOWN',
      message: expect.stringContaining('"eth"'),
      remedy: expect.stringContaining('btc-usdm-coinm'),
    },
  });
  expect(ended.errors).toContain('HS_TAPE_UNKNOWN');
}, 30_000);
