import { HalfspreadError } from '../core/errors.ts';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** "120s", "5m", "2h", "500ms" to milliseconds. @throws HS_BAD_DURATION */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const value = match ? Number(match[1]) * UNIT_MS[match[2]!]! : Number.NaN;
  if (!(value > 0)) {
    throw new HalfspreadError(
      'HS_BAD_DURATION',
      `"${text}" is not a duration.`,
      'Write a number and a unit: 120s, 5m or 2h.',
    );
  }
  return value;
}
