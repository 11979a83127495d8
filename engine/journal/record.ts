import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { armingLimitsSchema } from '../protocol/arming.ts';
import { tradeSchema, missedSchema, orderStateSchema, sideSchema } from '../protocol/model.ts';

const e8 = z.number().int();

/**
 * Everything the engine must not forget, one line each. The journal is the truth; what clients see is a projection of it.
 * `started` and `stopped` frame a run; an order id is durable (idBlock) before an order with it can exist.
 */
export const journalEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('started'),
    bootId: z.string(),
    version: z.string(),
    mode: z.string(),
    network: z.string(),
    tape: z.string(),
    venuesInstance: z.string(),
  }),
  z.strictObject({ kind: z.literal('stopped'), reason: z.string() }),
  z.strictObject({ kind: z.literal('idBlock'), from: z.number().int(), to: z.number().int() }),
  z.strictObject({
    kind: z.literal('intent'),
    tradeId: z.number().int(),
    leg: z.string(),
    orderId: z.number().int(),
    venue: z.string(),
    symbol: z.string(),
    side: sideSchema,
    sizeE8: e8,
    limitPriceE8: e8,
    reduceOnly: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('order'),
    orderId: z.number().int(),
    venue: z.string(),
    venueOrderId: z.string().optional(),
    state: orderStateSchema,
    filledSizeE8: e8.optional(),
    reason: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('fill'),
    orderId: z.number().int(),
    venue: z.string(),
    venueOrderId: z.string(),
    fillId: z.string(),
    symbol: z.string(),
    side: sideSchema,
    priceE8: e8,
    sizeE8: e8,
    feeE8: e8,
    venueTimeMs: z.number(),
  }),
  /** What the trade machine decided and why. */
  z.strictObject({ kind: z.literal('note'), tradeId: z.number().int(), note: z.string(), detail: z.string() }),
  /** The whole trade at a point worth keeping (opened, episode over, closed); the latest one of an id counts. */
  z.strictObject({ kind: z.literal('trade'), trade: tradeSchema }),
  z.strictObject({ kind: z.literal('missed'), missed: missedSchema }),
  /** Live: from here on entries could be opened, within these limits; until `disarmed` or the end of the run. */
  z.strictObject({ kind: z.literal('armed'), limits: armingLimitsSchema }),
  z.strictObject({ kind: z.literal('disarmed'), code: z.string(), message: z.string() }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** `sequence` counts from 1 without holes, `at` is Unix ms. */
export interface JournalRecord {
  sequence: number;
  at: number;
  entry: JournalEntry;
}

/** Checksum before the first line. */
export const FIRST_CHECKSUM = 0;

/**
 * One line: `{"c":"<8 hex>","s":<sequence>,"t":<Unix ms>,"e":{...}}`. The checksum is CRC-32 over everything after it,
 * continued from the line before: a changed, missing or moved line breaks the chain at that line.
 */
export function encodeLine(record: JournalRecord, previousChecksum: number): { line: string; checksum: number } {
  const body = `"s":${record.sequence},"t":${record.at},"e":${JSON.stringify(record.entry)}}`;
  const checksum = crc32(body, previousChecksum);
  return { line: `{"c":"${hex(checksum)}",${body}\n`, checksum };
}

const PREFIX = /^\{"c":"([0-9a-f]{8})",/;

/** Why a line cannot be trusted, or the record in it. */
export function decodeLine(
  line: string,
  expectedSequence: number,
  previousChecksum: number,
): { record: JournalRecord; checksum: number } | { problem: string } {
  const prefix = PREFIX.exec(line);
  if (!prefix) return { problem: 'does not begin with a checksum' };
  const checksum = crc32(line.slice(prefix[0].length), previousChecksum);
  if (hex(checksum) !== prefix[1]) return { problem: 'its checksum does not match its text and the line before' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { problem: 'is not JSON although its checksum is right' };
  }
  const shape = z.object({ s: z.number().int(), t: z.number(), e: journalEntrySchema }).safeParse(parsed);
  if (!shape.success)
    return {
      problem: `has an unknown shape (${shape.error.issues[0]?.path.join('.')}: ${shape.error.issues[0]?.message})`,
    };
  if (shape.data.s !== expectedSequence)
    return { problem: `carries number ${shape.data.s} where ${expectedSequence} must follow` };
  return { record: { sequence: shape.data.s, at: shape.data.t, entry: shape.data.e }, checksum };
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
