import { z } from 'zod';
import { HalfspreadError } from '../core/errors.ts';

const hexKey = z.string().regex(/^0x[0-9a-fA-F]+$/, 'must be 0x hex');

/**
 * Where the venues of a desk are and which accounts it trades with: what the practice venues print at start
 * (`halfspread practice serve`), and what later modes fill in from keys and config. Unknown extra keys are ignored.
 */
export const venueSetSchema = z.object({
  paradex: z.object({
    restUrl: z.url(),
    wsUrl: z.url(),
    starknetChainId: z.string(),
    accounts: z.array(z.object({ l2PrivateKey: hexKey, address: hexKey })).min(1),
  }),
  vest: z.object({
    restUrl: z.url(),
    wsUrl: z.url(),
    accounts: z.array(z.object({ signingPrivateKey: hexKey, apiKey: z.string().min(1) })).min(1),
  }),
  markets: z.array(z.object({ coin: z.string(), paradex: z.string(), vest: z.string() })).min(1),
  /** Changes with every start of the practice venues: their accounts begin anew. */
  instance: z.string(),
  tape: z.object({
    id: z.string(),
    durationMs: z.number().positive(),
    atEnd: z.enum(['stop', 'restart']),
    startsAtWallMs: z.number(),
    entryBps: z.number(),
    exitBps: z.number(),
    sizeE8: z.number().int(),
  }),
  network: z.string(),
  /** JSON about the venues' own lateness; absent in a virtual run. */
  statusUrl: z.url().optional(),
  fees: z.object({ kind: z.enum(['published', 'zero', 'custom']), roundTripBps: z.number() }),
});
export type VenueSet = z.infer<typeof venueSetSchema>;

/** When the recorded market's present round ends, wall ms. */
export function tapeEndWallMs(tape: VenueSet['tape'], nowWallMs: number): number {
  if (tape.atEnd === 'stop') return tape.startsAtWallMs + tape.durationMs;
  const rounds = Math.max(1, Math.ceil((nowWallMs - tape.startsAtWallMs) / tape.durationMs));
  return tape.startsAtWallMs + rounds * tape.durationMs;
}

/** @throws HalfspreadError HS_VENUE_SET naming the field. */
export function parseVenueSet(value: unknown): VenueSet {
  const parsed = venueSetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new HalfspreadError(
    'HS_VENUE_SET',
    `The description of the venues cannot be used: ${issue.path.join('.') || '(whole)'} ${issue.message}.`,
    'Give the JSON line that `halfspread practice serve --json` of the same version prints.',
  );
}
