import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { TapeFile } from './tape-file.ts';

const BBO_HEADER = 'local_ts_ns,tx_ts_ms,event_ts_ms,update_id,bid_px,bid_qty,ask_px,ask_qty';
const TRADES_HEADER = 'local_ts_ns,tx_ts_ms,event_ts_ms,trade_id,px,qty,taker_side,kind';

/** A small tape of two linear markets, one quote per 10 ms, written to a folder of its own. */
export interface SmallTape {
  folder: string;
  bbo(stream: string, rows: string[]): void;
  trades(stream: string, rows: string[]): void;
  depth(stream: string, messages: object[]): void;
  tapeFile(change: (file: RawTapeFile) => void): void;
}

export type RawTapeFile = { [Key in keyof TapeFile]: TapeFile[Key] };

/** Recorder time in ns: `ms` after an arbitrary start. */
export function atNs(ms: number): string {
  return String(1_700_000_000_000 + ms) + '000000';
}

export function bboRow(ms: number, id: number, bid: string, bidSize: string, ask: string, askSize: string): string {
  return [atNs(ms), '', '', id, bid, bidSize, ask, askSize].join(',');
}

/** Both streams: bid 100.0 x 2, ask 100.1 x 3, one level behind each, quotes at 0, 10, 20 and 30 ms. */
export function writeSmallTape(): SmallTape {
  const folder = mkdtempSync(join(tmpdir(), 'halfspread-tape-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'recording'));
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, 'recording', name), gzipSync(text + '\n'));
  const file = smallTapeFile();
  const tape: SmallTape = {
    folder,
    bbo: (stream, rows) => write(`bbo_${stream}.csv.gz`, [BBO_HEADER, ...rows].join('\n')),
    trades: (stream, rows) => write(`trades_${stream}.csv.gz`, [TRADES_HEADER, ...rows].join('\n')),
    depth: (stream, messages) =>
      write(`depth_${stream}.jsonl.gz`, messages.map((message) => JSON.stringify(message)).join('\n')),
    tapeFile: (change) => {
      change(file);
      writeFileSync(join(folder, 'tape.json'), JSON.stringify(file));
    },
  };
  for (const stream of ['left', 'right']) {
    tape.bbo(stream, [
      bboRow(0, 10, '100', '2', '100.1', '3'),
      bboRow(10, 20, '100', '1.5', '100.1', '3'),
      bboRow(20, 30, '99.9', '4', '100.1', '3'),
      bboRow(30, 40, '99.9', '4', '100.1', '1'),
    ]);
    tape.trades(stream, [[atNs(15), '', '', 1, '100', '0.5', 'sell', 'MARKET'].join(',')]);
    tape.depth(stream, [
      depthMessage(-5, 'snapshot', 9, 8, [['100', '2'], ['99.8', '7']], [['100.1', '3'], ['100.3', '9']]), // prettier-ignore
      depthMessage(25, 'delta', 35, 9, [['99.8', '6']], []),
    ]);
  }
  tape.tapeFile(() => undefined);
  return tape;
}

export function depthMessage(
  ms: number,
  kind: string,
  lastId: number,
  previousId: number,
  b: string[][],
  a: string[][],
) {
  return { t: Number(atNs(ms)), k: kind, T: 0, E: 0, U: previousId + 1, u: lastId, pu: previousId, b, a };
}

function smallTapeFile(): RawTapeFile {
  const venue = (stream: string): TapeFile['venues']['paradex'] => ({
    stream,
    contract: { kind: 'linear' },
    sizeRounding: 'exact',
    depth: true,
    tick: '0.1',
    sizeIncrement: '0.001',
    priceDecimals: 1,
    sizeDecimals: 3,
  });
  return {
    id: 'small',
    title: 'Small',
    description: 'Made for a test.',
    coin: 'BTC',
    recording: 'recording',
    venues: { paradex: venue('left'), vest: venue('right') },
    usableWindow: { skipStartMs: 0, skipEndMs: 0, durationMs: 30 },
    thresholds: { entry: { percentile: 75, bps: 2 }, exit: { percentile: 40, bps: -1 } },
    defaultSize: '0.01',
  };
}
