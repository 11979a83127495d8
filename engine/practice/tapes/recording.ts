import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HalfspreadError, errorMessage } from '../../core/errors.ts';
import { RecordedValueError, type VenueScale } from './venue-scale.ts';

/** Best quotes of one stream, one entry per message; prices in ticks, sizes in steps. */
export interface BboRows {
  count: number;
  /** Recorder's clock, microseconds since the epoch. */
  timeUs: Float64Array;
  updateId: Float64Array;
  bidTick: Uint32Array;
  bidSteps: Uint32Array;
  askTick: Uint32Array;
  askSteps: Uint32Array;
}

export interface TradeRows {
  count: number;
  timeUs: Float64Array;
  tick: Uint32Array;
  steps: Uint32Array;
  /** 1 = the taker bought. */
  takerBought: Uint8Array;
}

/** One message of depth: absolute sizes of levels as flat pairs [tick, steps, ...], only levels inside the kept band. */
export interface DepthMessage {
  timeUs: number;
  kind: 'delta' | 'snapshot';
  firstId: number;
  lastId: number;
  /** Last id of the message before, NaN where the stream has none (spot). */
  previousId: number;
  bids: number[];
  asks: number[];
}

/** Turns recorded [price, quantity] pairs into flat pairs of ticks and steps. */
export type ScaleLevels = (levels: [string, string][]) => number[];

export function readBbo(folder: string, stream: string, scale: VenueScale): BboRows {
  const path = join(folder, `bbo_${stream}.csv.gz`);
  const lines = csvLines(path, 'local_ts_ns,tx_ts_ms,event_ts_ms,update_id,bid_px,bid_qty,ask_px,ask_qty');
  const count = lines.length;
  const rows: BboRows = {
    count,
    timeUs: new Float64Array(count),
    updateId: new Float64Array(count),
    bidTick: new Uint32Array(count),
    bidSteps: new Uint32Array(count),
    askTick: new Uint32Array(count),
    askSteps: new Uint32Array(count),
  };
  for (let i = 0; i < count; i++) {
    atLine(path, i + 2, () => {
      const cells = cellsOf(lines[i]!, 8);
      rows.timeUs[i] = microseconds(cells[0]!);
      rows.updateId[i] = identifier(cells[3]!);
      rows.bidTick[i] = scale.ticks(cells[4]!);
      rows.bidSteps[i] = scale.steps(cells[5]!, rows.bidTick[i]!);
      rows.askTick[i] = scale.ticks(cells[6]!);
      rows.askSteps[i] = scale.steps(cells[7]!, rows.askTick[i]!);
      if (rows.bidTick[i]! >= rows.askTick[i]!) throw new RecordedValueError('HS_TAPE_LINE', 'bid is not below ask');
      if (i > 0 && rows.updateId[i]! <= rows.updateId[i - 1]!) {
        throw new RecordedValueError('HS_TAPE_LINE', 'update_id does not increase');
      }
      if (i > 0 && rows.timeUs[i]! < rows.timeUs[i - 1]!) {
        throw new RecordedValueError('HS_TAPE_LINE', 'local_ts_ns decreases');
      }
    });
  }
  return rows;
}

export function readTrades(folder: string, stream: string, scale: VenueScale): TradeRows {
  const path = join(folder, `trades_${stream}.csv.gz`);
  const lines = csvLines(path, 'local_ts_ns,tx_ts_ms,event_ts_ms,trade_id,px,qty,taker_side,kind');
  const rows: TradeRows = {
    count: 0,
    timeUs: new Float64Array(lines.length),
    tick: new Uint32Array(lines.length),
    steps: new Uint32Array(lines.length),
    takerBought: new Uint8Array(lines.length),
  };
  for (let i = 0; i < lines.length; i++) {
    atLine(path, i + 2, () => {
      const cells = cellsOf(lines[i]!, 8);
      const tick = scale.ticks(cells[4]!);
      const steps = scale.steps(cells[5]!, tick);
      const takerSide = cells[6]!;
      if (takerSide !== 'buy' && takerSide !== 'sell') {
        throw new RecordedValueError('HS_TAPE_LINE', `taker_side "${takerSide}" is neither buy nor sell`);
      }
      if (steps === 0) return;
      const at = rows.count++;
      rows.timeUs[at] = microseconds(cells[0]!);
      rows.tick[at] = tick;
      rows.steps[at] = steps;
      rows.takerBought[at] = takerSide === 'buy' ? 1 : 0;
    });
  }
  return rows;
}

/** Messages from the snapshot on, checked to follow each other without a gap; what the snapshot contains is left out. */
export function readDepth(folder: string, stream: string, scaleLevels: ScaleLevels): DepthMessage[] {
  const path = join(folder, `depth_${stream}.jsonl.gz`);
  const messages: DepthMessage[] = [];
  let snapshot: DepthMessage | undefined;
  let previous: DepthMessage | undefined;
  textLines(path).forEach((line, index) => {
    atLine(path, index + 1, () => {
      const message = depthMessage(line, scaleLevels);
      if (message.kind === 'snapshot') {
        snapshot = message;
        return;
      }
      const follows = Number.isNaN(message.previousId)
        ? previous === undefined || message.firstId === previous.lastId + 1
        : previous === undefined || message.previousId === previous.lastId;
      if (!follows) {
        throw new RecordedValueError(
          'HS_TAPE_LINE',
          `depth message ${message.firstId} does not follow ${previous!.lastId}`,
        );
      }
      previous = message;
      messages.push(message);
    });
  });
  if (!snapshot) {
    throw new HalfspreadError('HS_TAPE_LINE', `${path}: no snapshot in the file.`, 'Use a complete recording.');
  }
  const snapshotId = snapshot.lastId;
  return [snapshot, ...messages.filter((message) => message.lastId > snapshotId)];
}

/** Runs one line's conversion; a refusal is reported with the file and the line number (the header is line 1). */
function atLine(path: string, line: number, convert: () => void): void {
  try {
    convert();
  } catch (error) {
    const code = error instanceof RecordedValueError ? error.code : 'HS_TAPE_LINE';
    const remedy =
      code === 'HS_TAPE_TICK'
        ? 'Give tick and sizeIncrement in tape.json that fit.'
        : 'Restore the file or correct the line.';
    throw new HalfspreadError(code, `${path}, line ${line}: ${errorMessage(error)}.`, remedy, { cause: error });
  }
}

function depthMessage(line: string, scaleLevels: ScaleLevels): DepthMessage {
  const raw: unknown = JSON.parse(line);
  if (typeof raw !== 'object' || raw === null) throw new RecordedValueError('HS_TAPE_LINE', 'not a JSON object');
  const message = raw as Record<string, unknown>;
  const kind = message['k'];
  if (kind !== 'delta' && kind !== 'snapshot') throw new RecordedValueError('HS_TAPE_LINE', 'k is no kind of message');
  return {
    timeUs: nanosecondsToUs(message['t']),
    kind,
    firstId: kind === 'snapshot' ? Number.NaN : wholeNumber(message['U'], 'U'),
    lastId: wholeNumber(message['u'], 'u'),
    previousId: message['pu'] === '' ? Number.NaN : wholeNumber(message['pu'], 'pu'),
    bids: scaleLevels(levels(message['b'], 'b')),
    asks: scaleLevels(levels(message['a'], 'a')),
  };
}

function levels(value: unknown, field: string): [string, string][] {
  if (!Array.isArray(value)) throw new RecordedValueError('HS_TAPE_LINE', `${field} is no list`);
  for (const pair of value) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
      throw new RecordedValueError('HS_TAPE_LINE', `${field} holds something else than [price, size] pairs`);
    }
  }
  return value as [string, string][];
}

function wholeNumber(value: unknown, field: string): number {
  if (!Number.isSafeInteger(value)) throw new RecordedValueError('HS_TAPE_LINE', `${field} is no whole number`);
  return value as number;
}

/** JSON numbers of nanoseconds exceed 2^53; the lost digits lie below the microsecond we keep. */
function nanosecondsToUs(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0)) throw new RecordedValueError('HS_TAPE_LINE', 't is no time');
  return Math.floor(value / 1000);
}

function microseconds(nanosecondsText: string): number {
  if (!/^\d{16,19}$/.test(nanosecondsText)) {
    throw new RecordedValueError('HS_TAPE_LINE', `"${nanosecondsText}" is no time in nanoseconds`);
  }
  return Number(nanosecondsText.slice(0, -3));
}

function identifier(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value)) throw new RecordedValueError('HS_TAPE_LINE', `"${text}" is no id`);
  return value;
}

function cellsOf(line: string, columns: number): string[] {
  const cells = line.split(',');
  if (cells.length !== columns) {
    throw new RecordedValueError('HS_TAPE_LINE', `${cells.length} columns where ${columns} belong`);
  }
  return cells;
}

function csvLines(path: string, header: string): string[] {
  const lines = textLines(path);
  if (lines.shift() !== header) {
    throw new HalfspreadError('HS_TAPE_LINE', `${path}, line 1: the header is not "${header}".`, 'Restore the file.');
  }
  return lines;
}

function textLines(path: string): string[] {
  if (!existsSync(path)) {
    throw new HalfspreadError('HS_TAPE_MISSING_FILE', `The recording lacks ${path}.`, 'Restore the file.');
  }
  let text: string;
  try {
    text = gunzipSync(readFileSync(path)).toString('latin1');
  } catch (error) {
    const message = `${path} cannot be read: ${errorMessage(error)}.`;
    throw new HalfspreadError('HS_TAPE_LINE', message, 'Restore the file.', { cause: error });
  }
  return text.split('\n').filter((line) => line !== '');
}
