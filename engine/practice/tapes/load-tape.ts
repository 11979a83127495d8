import { join } from 'node:path';
import { HalfspreadError } from '../../core/errors.ts';
import type { UpdateColumns } from './columns.ts';
import { firstCompleteUs, mergeStream, priceBand, type PriceBand } from './merge.ts';
import { readBbo, readDepth, readTrades, type BboRows, type DepthMessage, type TradeRows } from './recording.ts';
import { readTapeFile, type PracticeVenueId, type TapeFile, type TapeVenueFile } from './tape-file.ts';
import { VenueScale } from './venue-scale.ts';

/** One venue's market of a tape, in memory. Times are microseconds since the tape's start. */
export interface TapeMarket {
  tickE8: number;
  sizeStepE8: number;
  priceDecimals: number;
  sizeDecimals: number;
  band: PriceBand;
  updates: UpdateColumns;
  trades: TradeRows;
}

export interface Tape {
  file: TapeFile;
  /** Length of the usable overlap of both streams. */
  durationUs: number;
  /** The recorder's clock at the tape's start, microseconds since the epoch. */
  recordedAtUs: number;
  markets: Record<PracticeVenueId, TapeMarket>;
}

/**
 * Loads a tape folder: reads both streams, merges depth, quotes and trades, and cuts all to the time both cover. Every
 * stamp of every stream is shifted by the same constant (the recorder's clock is off the exchange's, equally for all),
 * so streams compare by arrival time.
 * @throws HalfspreadError HS_TAPE_MISSING_FILE, HS_TAPE_FORMAT (file and field), HS_TAPE_LINE and HS_TAPE_TICK (file and line)
 */
export function loadTape(folder: string): Tape {
  const { file, recordingFolder } = readTapeFile(folder);
  const paradex = readStream(recordingFolder, file.venues.paradex);
  const vest = readStream(recordingFolder, file.venues.vest);
  const skip = file.usableWindow;
  const startUs = Math.max(paradex.firstUs, vest.firstUs) + skip.skipStartMs * 1000;
  const endUs = Math.min(paradex.lastUs, vest.lastUs) - skip.skipEndMs * 1000;
  if (!(endUs > startUs)) {
    throw windowError(folder, 'usableWindow', 'the two streams have no time in common that is left');
  }
  const durationMs = (endUs - startUs) / 1000;
  if (Math.abs(durationMs - skip.durationMs) >= 1) {
    throw windowError(folder, 'usableWindow.durationMs', `the recording's usable window lasts ${durationMs} ms`);
  }
  return {
    file,
    durationUs: endUs - startUs,
    recordedAtUs: startUs,
    markets: {
      paradex: buildMarket(file.venues.paradex, paradex, startUs, endUs),
      vest: buildMarket(file.venues.vest, vest, startUs, endUs),
    },
  };
}

function windowError(folder: string, field: string, problem: string): HalfspreadError {
  const message = `${join(folder, 'tape.json')}: field ${field}: ${problem}.`;
  return new HalfspreadError('HS_TAPE_FORMAT', message, 'Correct that field.');
}

interface Stream {
  scale: VenueScale;
  bbo: BboRows;
  depth: DepthMessage[] | undefined;
  trades: TradeRows;
  band: PriceBand;
  firstUs: number;
  lastUs: number;
}

function readStream(folder: string, venue: TapeVenueFile): Stream {
  const scale = new VenueScale(venue);
  const bbo = readBbo(folder, venue.stream, scale);
  if (bbo.count === 0) {
    const path = join(folder, `bbo_${venue.stream}.csv.gz`);
    throw new HalfspreadError('HS_TAPE_LINE', `${path}, line 2: no quotes.`, 'Use a complete recording.');
  }
  const band = priceBand(bbo);
  const depth = venue.depth ? readDepth(folder, venue.stream, (levels) => scaleLevels(levels, scale, band)) : undefined;
  const trades = readTrades(folder, venue.stream, scale);
  return { scale, bbo, depth, trades, band, firstUs: firstCompleteUs(bbo, depth), lastUs: bbo.timeUs[bbo.count - 1]! };
}

function scaleLevels(levels: [string, string][], scale: VenueScale, band: PriceBand): number[] {
  const scaled: number[] = [];
  for (const [price, quantity] of levels) {
    const tick = scale.ticks(price);
    if (tick >= band.lowestTick && tick <= band.highestTick) scaled.push(tick, scale.steps(quantity, tick));
  }
  return scaled;
}

function buildMarket(venue: TapeVenueFile, stream: Stream, startUs: number, endUs: number): TapeMarket {
  return {
    tickE8: stream.scale.tickE8,
    sizeStepE8: stream.scale.sizeStepE8,
    priceDecimals: venue.priceDecimals,
    sizeDecimals: venue.sizeDecimals,
    band: stream.band,
    updates: mergeStream(stream.bbo, stream.depth, stream.band, startUs, endUs),
    trades: cutTrades(stream.trades, startUs, endUs),
  };
}

function cutTrades(trades: TradeRows, startUs: number, endUs: number): TradeRows {
  let from = 0;
  let to = trades.count;
  while (from < to && trades.timeUs[from]! < startUs) from++;
  while (to > from && trades.timeUs[to - 1]! > endUs) to--;
  return {
    count: to - from,
    timeUs: trades.timeUs.slice(from, to).map((timeUs) => timeUs - startUs),
    tick: trades.tick.slice(from, to),
    steps: trades.steps.slice(from, to),
    takerBought: trades.takerBought.slice(from, to),
  };
}
