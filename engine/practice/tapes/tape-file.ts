import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { HalfspreadError, errorMessage } from '../../core/errors.ts';
import { parseE8 } from '../../core/units.ts';

const decimal = z.string().refine(isPositiveDecimal, 'must be a positive plain decimal in quotes, such as "0.1"');

const contract = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('linear') }),
  /** A contract worth a fixed number of USD (Binance COIN-M: BTC 100 USD, ETH 10 USD). */
  z.strictObject({ kind: z.literal('inverse'), contractUsd: decimal }),
]);

const threshold = z.strictObject({ percentile: z.number().min(0).max(100), bps: z.number() });

const venueStream = z
  .strictObject({
    /** Name of the recorded market: bbo_<stream>.csv.gz and so on. */
    stream: z.string().regex(/^[a-z0-9_]+$/, 'must be a stream name such as "usdm"'),
    contract,
    /** `exact` refuses recorded sizes the venue could not show; `floor` rounds them down and drops what becomes 0. */
    sizeRounding: z.enum(['exact', 'floor']),
    /** False for a recording of best quotes only: such a book has one level. */
    depth: z.boolean().default(true),
    tick: decimal,
    sizeIncrement: decimal,
    priceDecimals: z.int().min(0).max(8),
    sizeDecimals: z.int().min(0).max(8),
  })
  .refine((venue) => fitsDecimals(venue.tick, venue.priceDecimals), {
    path: ['tick'],
    message: 'needs more decimals than priceDecimals allows',
  })
  .refine((venue) => fitsDecimals(venue.sizeIncrement, venue.sizeDecimals), {
    path: ['sizeIncrement'],
    message: 'needs more decimals than sizeDecimals allows',
  })
  .refine((venue) => venue.contract.kind === 'linear' || venue.sizeRounding === 'floor', {
    path: ['sizeRounding'],
    message: 'must be "floor" for inverse contracts: contracts x USD / price has endless decimals',
  });

const tapeSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'must consist of a-z, 0-9 and -'),
  title: z.string().min(1),
  description: z.string().min(1),
  coin: z.string().regex(/^[A-Z0-9]+$/, 'must be a coin such as "BTC"'),
  /** Folder of the recording, relative to this file's folder. */
  recording: z.string().min(1),
  venues: z.strictObject({ paradex: venueStream, vest: venueStream }),
  /** Cut from the start and the end of the time both streams cover, and how long the rest is. */
  usableWindow: z.strictObject({
    skipStartMs: z.number().min(0),
    skipEndMs: z.number().min(0),
    durationMs: z.number().positive(),
  }),
  /** Percentiles of the tape's own executable touch spread (entry: the better direction, exit: the reverse), and their value. */
  thresholds: z
    .strictObject({ entry: threshold, exit: threshold })
    .refine((both) => both.exit.bps < both.entry.bps, { path: ['exit', 'bps'], message: 'must lie below entry.bps' }),
  /** Order size in coin. */
  defaultSize: decimal,
});

export type TapeFile = z.output<typeof tapeSchema>;
export type TapeVenueFile = TapeFile['venues']['paradex'];
export type PracticeVenueId = keyof TapeFile['venues'];

/**
 * Reads and checks `<folder>/tape.json`.
 * @throws HalfspreadError HS_TAPE_MISSING_FILE when it is not there, HS_TAPE_FORMAT naming file and field otherwise.
 */
export function readTapeFile(folder: string): { file: TapeFile; recordingFolder: string } {
  const path = join(folder, 'tape.json');
  if (!existsSync(path)) {
    throw new HalfspreadError(
      'HS_TAPE_MISSING_FILE',
      `No tape at ${folder}: tape.json is missing.`,
      'Choose a listed tape.',
    );
  }
  const parsed = tapeSchema.safeParse(parseJson(path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path.join('.') || '(whole file)';
    throw new HalfspreadError('HS_TAPE_FORMAT', `${path}: field ${field}: ${issue.message}.`, 'Correct that field.');
  }
  return { file: parsed.data, recordingFolder: resolve(folder, parsed.data.recording) };
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const message = `${path} cannot be read as JSON: ${errorMessage(error)}.`;
    throw new HalfspreadError('HS_TAPE_FORMAT', message, 'Correct the file.', { cause: error });
  }
}

function isPositiveDecimal(text: string): boolean {
  return /^\d{1,7}(\.\d{1,8})?$/.test(text) && parseE8(text) > 0;
}

function fitsDecimals(text: string, decimals: number): boolean {
  return isPositiveDecimal(text) && parseE8(text) % 10 ** (8 - decimals) === 0;
}
