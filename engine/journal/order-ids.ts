import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import type { OrderIds } from '../venues/venue.ts';
import type { Journal } from './journal.ts';
import type { JournalRecord } from './record.ts';

const BLOCK_SIZE = 10_000;
/** A new block is reserved when this few ids are left, so that the disk is never waited for on the hot path. */
const RESERVE_BELOW = 5_000;

/**
 * Order ids from journal-reserved blocks: an id is durable before an order with it can exist, ids never repeat across
 * restarts, and they rise with the wall clock (Vest's nonce rule "at least now" holds under either switch).
 * Resolves when the first block is on disk.
 */
export async function createOrderIds(env: Env, journal: Journal, past: JournalRecord[]): Promise<OrderIds> {
  let highest = 0;
  for (const { entry } of past) if (entry.kind === 'idBlock') highest = Math.max(highest, entry.to);
  let next = Math.max(highest + 1, Math.floor(env.clock.wallMs()));
  let durableUpTo = next - 1;
  let reserving = false;
  let failure: unknown;

  async function reserve(): Promise<void> {
    const from = durableUpTo + 1;
    const to = durableUpTo + BLOCK_SIZE;
    journal.append({ kind: 'idBlock', from, to });
    await journal.durable();
    durableUpTo = to;
  }
  await reserve();

  return {
    next() {
      if (next > durableUpTo) {
        throw new HalfspreadError(
          'HS_ORDER_IDS_EXHAUSTED',
          'No order id reserved on disk is left: an order sent now could be forgotten after a crash, so none is sent.',
          'The disk is too slow or full; free space, then start again.',
          { cause: failure },
        );
      }
      if (durableUpTo - next < RESERVE_BELOW && !reserving) {
        reserving = true;
        void reserve()
          .catch((error: unknown) => {
            failure = error;
          })
          .finally(() => {
            reserving = false;
          });
      }
      return next++;
    },
  };
}
