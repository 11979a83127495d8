import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { OrderBook } from '../../engine/core/book.ts';
import { HalfspreadError } from '../../engine/core/errors.ts';
import { seededRandom } from '../../engine/practice/timing/seeded-random.ts';
import { parseStrictJson } from '../../engine/protocol/strict-json.ts';
import {
  applyBook,
  bookMarketOffset,
  isSnapshot,
  SBE_TEMPLATE,
  templateIdOf,
} from '../../engine/venues/paradex/sbe.ts';
import { decodeSbeMessage } from '../../engine/venues/paradex/sbe-message.ts';
import { replaceBook } from '../../engine/venues/vest/depth.ts';
import { frameText } from '../../engine/venues/vest/frame.ts';
import { mutate } from './mutate.ts';
import type { Part } from './part.ts';

const SBE_VECTORS = new URL('../../engine/venues/paradex/vectors/sbe.json', import.meta.url);
const VEST_LEVELS = 20;
const MAX_FAULTS = 20;
const SAY_EVERY = 10_000;

/** Takes one damaged frame. @throws HalfspreadError when it refuses it; anything else is a fault. */
type Target = { name: string; samples: Uint8Array[]; take(frame: Uint8Array): void };

export const fuzzPart: Part = {
  title: 'malformed frames into the decoders',
  async run({ seed, frames, say, cancelled }) {
    const random = seededRandom(seed);
    const faults: string[] = [];
    const counts: Record<string, { frames: number; accepted: number; refused: number }> = {};
    const targets = [sbeTarget(), vestTarget(), agentTarget()];
    for (const target of targets) counts[target.name] = { frames: 0, accepted: 0, refused: 0 };
    for (let i = 0; i < frames && faults.length < MAX_FAULTS; i++) {
      const target = targets[i % targets.length]!;
      const frame = mutate(target.samples[Math.floor(random() * target.samples.length)]!, random);
      const count = counts[target.name]!;
      count.frames++;
      try {
        target.take(frame);
        count.accepted++;
      } catch (error) {
        if (error instanceof HalfspreadError) count.refused++;
        else faults.push(`${target.name}: ${String(error)} on ${Buffer.from(frame).toString('hex').slice(0, 400)}`);
      }
      if (i % SAY_EVERY === SAY_EVERY - 1) {
        say(`${i + 1} of ${frames} frames, ${faults.length} faults`);
        await new Promise((resolve) => setImmediate(resolve));
        cancelled.throwIfAborted();
      }
    }
    return {
      ok: faults.length === 0,
      bounds:
        `${frames} frames made from real ones by changing, cutting, doubling and inserting bytes (seed ${seed}): each is read, or refused ` +
        'without a trace in the book, and no accepted one leaves a book that is unsorted or holds a number that is none. ' +
        'It is a sample, not a proof that no other frame could.',
      figures: counts,
      faults,
    };
  },
};

function sbeTarget(): Target {
  const { samples } = JSON.parse(readFileSync(SBE_VECTORS, 'utf8')) as { samples: { hex: string }[] };
  return {
    name: 'Paradex SBE',
    samples: samples.map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex'))),
    take(frame) {
      decodeSbeMessage(frame);
      if (templateIdOf(frame) !== SBE_TEMPLATE.book) return;
      const book = new OrderBook('paradex', 'BTC-USD-PERP');
      bookMarketOffset(frame);
      applyBook(frame, book, isSnapshot(frame));
      checkBook(book);
    },
  };
}

function vestTarget(): Target {
  const levels = (from: number, step: number): string[][] =>
    Array.from({ length: VEST_LEVELS }, (_, i) => [(from + i * step).toFixed(2), '2.0000']);
  const text = JSON.stringify({
    channel: 'BTC-PERP@depth',
    data: { bids: levels(67_000, -1), asks: levels(67_001, 1) },
  });
  return {
    name: 'Vest depth',
    samples: [Uint8Array.from(Buffer.from(text)), Uint8Array.from(brotliCompressSync(text))],
    take(frame) {
      const read = frameText(frame);
      if (read === undefined) throw unreadable();
      const book = new OrderBook('vest', 'BTC-PERP');
      const data = dataOf(read);
      try {
        replaceBook(book, data, VEST_LEVELS, 1);
      } catch (cause) {
        // Its rule: whatever is wrong with a message, the book is left cleared.
        if (book.valid || book.bids.count + book.asks.count > 0) throw new Error('refused, but left in the book');
        throw unreadable(cause);
      }
      checkBook(book);
    },
  };
}

function agentTarget(): Target {
  const messages = [
    { type: 'COMMAND', id: '01970000-0000-7000-8000-000000000000', command: { name: 'trades.list', limit: 100 } },
    { type: 'SUBSCRIBE', bootId: 'engine-1', resumeFrom: 42 },
    { type: 'AUTH', protocol: 1, deviceId: 'd', nonceD: 'AAAA', role: 'operate', sig: 'AAAA', deep: [[[[{ a: [] }]]]] },
  ];
  return {
    name: 'engine protocol JSON',
    samples: messages.map((message) => Uint8Array.from(Buffer.from(JSON.stringify(message)))),
    take(frame) {
      const text = Buffer.from(frame).toString('utf8');
      const value = parseStrictJson(text);
      if (JSON.stringify(value) !== JSON.stringify(JSON.parse(text)))
        throw new Error('read differently than JSON.parse does');
    },
  };
}

/** As the client does: a frame that is no JSON object is skipped and told. */
function dataOf(text: string): unknown {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  return typeof message === 'object' && message !== null && 'data' in message ? message.data : undefined;
}

function unreadable(cause?: unknown): HalfspreadError {
  return new HalfspreadError('HS_VEST_FRAME', 'The frame is not readable.', 'It is skipped.', { cause });
}

/** What every reader of a book relies on. */
function checkBook(book: OrderBook): void {
  for (const [side, better] of [
    [book.bids, -1],
    [book.asks, 1],
  ] as const) {
    // prettier-ignore
    for (let i = 0; i < side.count; i++) {
      const price = side.priceE8[i]!;
      const size = side.sizeE8[i]!;
      if (!Number.isFinite(price) || !Number.isFinite(size) || size <= 0) throw new Error(`level ${price} x ${size}`);
      if (i > 0 && better * (price - side.priceE8[i - 1]!) <= 0) throw new Error(`levels out of order at ${i}`);
    }
  }
}
