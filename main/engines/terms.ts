import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import { laterTerm, LOCAL_HOLDER, NO_TERM, termSchema, type Term } from '../../engine/protocol/term.ts';

const fileSchema = termSchema.extend({ version: z.literal(1) });

/** The desktop's side of "two engines never trade at once": who holds the highest term, on disk before it counts. */
export interface Terms {
  current(): Term;
  /** Whether the engine of this machine may open risk: nothing was ever granted to a server, or it was granted back. */
  mayTradeHere(): boolean;
  /**
   * Gives the right to trade to one engine, under a number above all others: durable here before anybody is told. The caller
   * has made sure that the holder before is flat and stopped, or cannot trade any more.
   * @param holder an agent's id, or LOCAL_HOLDER
   */
  grant(holder: string): Promise<Term>;
  /** An agent knows this number (HELLO): the next grant is above it. Whom it was granted to is not changed by it. */
  heard(term: number): void;
}

/** @throws HalfspreadError HS_TERM_FILE: a damaged file is never taken for "nobody trades" */
export async function openTerms(path: string): Promise<Terms> {
  let known = await read(path);
  /** Highest number heard of, though not granted here. */
  let highest = known.term;
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  return {
    current: () => known,
    mayTradeHere: () => known.term === 0 || known.holder === LOCAL_HOLDER,
    grant: (holder) =>
      inTurn(async () => {
        const next = laterTerm(known, { term: Math.max(known.term, highest) + 1, holder })!;
        await write(path, next);
        known = next;
        highest = Math.max(highest, next.term);
        return next;
      }),
    heard: (term) => void (highest = Math.max(highest, term)),
  };
}

async function read(path: string): Promise<Term> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return NO_TERM;
    throw termFileError(path, errorMessage(cause), cause);
  }
  try {
    const { term, holder } = fileSchema.parse(JSON.parse(text));
    return { term, holder };
  } catch (cause) {
    throw termFileError(path, 'it is not what Halfspread wrote', cause);
  }
}

async function write(path: string, { term, holder }: Term): Promise<void> {
  const draft = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ version: 1, term, holder })}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    throw termFileError(path, errorMessage(cause), cause);
  }
}

function termFileError(path: string, problem: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_TERM_FILE',
    `${path}, which says which engine may trade, cannot be used (${problem}). No engine was started or unlocked.`,
    'Look which engine trades (the Sites page, each server’s status). When none does, remove the file.',
    { cause },
  );
}
