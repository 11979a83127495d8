import { z } from 'zod';
import { HalfspreadError } from '../../core/errors.ts';
import type { AppendFile, Disk } from '../../env.ts';

const e8 = z.number().int();

/** One simulated order with all it came to: one line, so that a kill leaves all of it or nothing. */
const outcomeSchema = z.strictObject({
  orderId: z.number().int(),
  symbol: z.string(),
  side: z.enum(['BUY', 'SELL']),
  sizeE8: e8,
  state: z.enum(['FILLED', 'CANCELLED', 'REJECTED']),
  reason: z.string().optional(),
  /** Wall clock when it was matched, Unix ms. */
  at: z.number(),
  fills: z.array(z.strictObject({ fillId: z.string(), priceE8: e8, sizeE8: e8, feeE8: e8 })),
});
export type PaperOutcome = z.infer<typeof outcomeSchema>;

/**
 * What the simulated account did: the part of the venue that paper has to play itself. An outcome is on disk before the
 * desk hears of it, so the journal never knows a fill that this ledger forgot.
 */
export class PaperLedger {
  /** Bytes of a last line that was cut short by a kill; it was never told to anyone. */
  readonly tornBytes: number;
  private readonly file: AppendFile;
  private readonly outcomes = new Map<number, PaperOutcome>();
  private readonly positionsE8 = new Map<string, number>();

  private constructor(file: AppendFile, known: readonly PaperOutcome[], tornBytes: number) {
    this.file = file;
    this.tornBytes = tornBytes;
    for (const outcome of known) {
      this.hold(outcome);
      this.outcomes.set(outcome.orderId, outcome);
    }
  }

  /** @throws HalfspreadError HS_PAPER_LEDGER naming the line that cannot be read, HS_DISK */
  static async open(disk: Disk, path: string): Promise<PaperLedger> {
    const text = (await disk.sizeOf(path)) === undefined ? '' : await disk.readText(path);
    const wholeLength = text.lastIndexOf('\n') + 1;
    const whole = text.slice(0, wholeLength);
    const tornBytes = byteLength(text) - byteLength(whole);
    if (tornBytes > 0) await disk.truncate(path, byteLength(whole));
    const lines = whole === '' ? [] : whole.slice(0, -1).split('\n');
    const known = lines.map((line, index) => readLine(line, `${path}:${index + 1}`));
    return new PaperLedger(await disk.openAppend(path), known, tornBytes);
  }

  /** Counts for the position at once; on disk, and told to who asks, when it resolves. */
  async record(outcome: PaperOutcome): Promise<void> {
    this.hold(outcome);
    this.file.append(`${JSON.stringify(outcome)}\n`);
    await this.file.sync();
    this.outcomes.set(outcome.orderId, outcome);
  }

  outcome(orderId: number): PaperOutcome | undefined {
    return this.outcomes.get(orderId);
  }

  /** Signed size held, long positive. */
  positionE8(symbol: string): number {
    return this.positionsE8.get(symbol) ?? 0;
  }

  positions(): [symbol: string, sizeE8: number][] {
    return [...this.positionsE8].filter(([, sizeE8]) => sizeE8 !== 0);
  }

  /** Oldest first. */
  since(wallMs: number): PaperOutcome[] {
    return [...this.outcomes.values()].filter(({ at }) => at >= wallMs);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private hold(outcome: PaperOutcome): void {
    const filledE8 = outcome.fills.reduce((sum, { sizeE8 }) => sum + sizeE8, 0);
    const signedE8 = outcome.side === 'BUY' ? filledE8 : -filledE8;
    this.positionsE8.set(outcome.symbol, this.positionE8(outcome.symbol) + signedE8);
  }
}

function readLine(line: string, place: string): PaperOutcome {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw unreadable(place, cause);
  }
  const parsed = outcomeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(place, parsed.error);
}

function unreadable(place: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_PAPER_LEDGER',
    `${place} is not what was written there: what the paper account holds is not known.`,
    'Restore the file from a copy, or move the whole data folder away to begin a new paper account.',
    { cause },
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
