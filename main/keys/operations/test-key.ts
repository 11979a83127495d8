import { toWireError } from '../../../engine/protocol/errors.ts';
import type { KeyRecord } from '../../ipc/key-schema.ts';
import { checkPlace } from '../key-ring.ts';
import { readSecret } from '../kept-secret.ts';
import { lastTestOf, testKey } from './keep.ts';
import type { KeyWork } from './key-work.ts';

/** Tests a kept key again and notes the outcome with it. @throws HalfspreadError the outcome, when it did not pass */
export async function testAgain(work: KeyWork, id: string): Promise<void> {
  const record = work.book.record(id);
  work.step('reading');
  checkPlace(record, work.store);
  const venueKey = await readSecret(work.store, record);
  try {
    const test = await testKey(work, venueKey, record.label);
    const change = { lastTest: lastTestOf(test, work.nowMs()), mayWithdraw: test.mayWithdraw };
    await note(work, id, test.expiresAt === undefined ? change : { ...change, expiresAt: test.expiresAt });
  } catch (error) {
    if (!work.signal.aborted) await note(work, id, { lastTest: { at: work.nowMs(), error: toWireError(error) } });
    throw error;
  }
}

type Change = Partial<Pick<KeyRecord, 'lastTest' | 'mayWithdraw' | 'expiresAt'>>;

function note(work: KeyWork, id: string, change: Change): Promise<void> {
  return work.book.change((records) =>
    records.map((record) => (record.id === id ? withChange(record, change) : record)),
  );
}

/** A key whose end was moved is told of anew. */
function withChange(record: KeyRecord, change: Change): KeyRecord {
  const isMoved = change.expiresAt !== undefined && change.expiresAt !== record.expiresAt;
  return { ...record, ...change, ...(isMoved && { expiryTold: undefined }) };
}
