import { join } from 'node:path';
import { z } from 'zod';
import { HalfspreadError } from '../../core/errors.ts';
import { holdsTerm, laterTerm, NO_TERM, termSchema, type Term } from '../../protocol/term.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

const TERM_FILE = 'term.json';
const fileSchema = termSchema.extend({ version: z.literal(1) });

/** The highest term this engine has heard of, on disk before it counts. It only rises. */
export interface TermStore {
  current(): Term;
  /** Whether this engine may open risk: it holds the highest term it knows. */
  mayTrade(): boolean;
  /**
   * Notes a term granted to this or to another engine.
   * @throws HalfspreadError HS_TERM_OLD when a higher one, or another holder of the same, is known
   */
  note(granted: Term): Promise<void>;
}

/** @param engine this engine's name as a holder. @throws HalfspreadError HS_STATE_FILE */
export async function openTermStore(stateFolder: string, engine: string): Promise<TermStore> {
  const path = join(stateFolder, TERM_FILE);
  const file = await readStateFile(path, fileSchema);
  let known: Term = file ? { term: file.term, holder: file.holder } : NO_TERM;
  /** One after the other: a later grant must never be written over by an earlier one. */
  let queue: Promise<void> = Promise.resolve();

  async function noteInTurn(granted: Term): Promise<void> {
    const next = laterTerm(known, granted);
    if (!next) {
      throw new HalfspreadError(
        'HS_TERM_OLD',
        `Term ${granted.term} for ${granted.holder} is not above the one known here (${known.term}, held by ${known.holder}).`,
        'Look which engine trades; hand over from the Sites page.',
      );
    }
    if (next.term === known.term) return;
    await writeStateFile(path, fileSchema, { version: 1, ...next });
    known = next;
  }

  return {
    current: () => known,
    mayTrade: () => holdsTerm(known, engine),
    note(granted) {
      const result = queue.then(() => noteInTurn(granted));
      queue = result.catch(() => undefined);
      return result;
    },
  };
}
