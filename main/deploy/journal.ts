import { createHash } from 'node:crypto';
import { mkdir, open, readFile, truncate, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import { errorSchema } from '../../engine/protocol/messages.ts';
import { deployRequestSchema, deployStepIdSchema } from '../ipc/site-schema.ts';

/** What a deploy must not forget, one line each, durable before the next thing happens. */
export const deployRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('started'),
    operation: z.enum(['deploy', 'upgrade']),
    siteId: z.uuid(),
    request: deployRequestSchema,
    release: z.string(),
    /** Nothing of the site existed: an undo may remove all of it. */
    fresh: z.boolean(),
  }),
  /** The request may have changed in what does not matter to the server: another key, another port of SSH. */
  z.strictObject({ kind: z.literal('resumed'), request: deployRequestSchema, release: z.string() }),
  z.strictObject({ kind: z.literal('begin'), step: deployStepIdSchema }),
  z.strictObject({
    kind: z.literal('end'),
    step: deployStepIdSchema,
    outcome: z.enum(['done', 'unchanged']),
    detail: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('failed'), step: deployStepIdSchema, error: errorSchema }),
  z.strictObject({ kind: z.literal('stopped'), step: deployStepIdSchema }),
  z.strictObject({ kind: z.literal('rolledBack'), to: z.string() }),
  z.strictObject({ kind: z.literal('undoBegin'), step: deployStepIdSchema }),
  z.strictObject({ kind: z.literal('undoEnd'), step: deployStepIdSchema, gone: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('finished'), outcome: z.enum(['deployed', 'rolledBack', 'undone']) }),
]);
export type DeployRecord = z.infer<typeof deployRecordSchema>;

/** A line is "SUM JSON"; SUM = first 16 hex digits of SHA-256 over the line before's sum and this line's JSON. */
const lineSchema = z.strictObject({ n: z.number().int(), at: z.number(), record: deployRecordSchema });
const SUM_LENGTH = 16;

export interface DeployJournal {
  /** Everything in it, oldest first; grows with `append`. */
  readonly records: readonly DeployRecord[];
  readonly startedAt: number;
  /** On disk when it resolves. */
  append(record: DeployRecord): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens or begins a journal. A last line that a crash cut short is moved to a file beside it; any other damage is refused, and
 * nothing is changed.
 * @throws HalfspreadError HS_DEPLOY_JOURNAL
 */
export async function openDeployJournal(path: string, nowMs: () => number): Promise<DeployJournal> {
  const { records, startedAt, sum, wholeBytes, tail } = await readJournal(path);
  let file: FileHandle;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (tail !== '') {
      await writeFile(`${path}.torn-${nowMs()}`, tail, { mode: 0o600 });
      await truncate(path, wholeBytes);
    }
    file = await open(path, 'a', 0o600);
  } catch (cause) {
    throw cannot('written', path, errorMessage(cause), cause);
  }
  let last = sum;
  return {
    records,
    startedAt: startedAt ?? nowMs(),
    async append(record) {
      const text = JSON.stringify({ n: records.length + 1, at: nowMs(), record });
      last = sumOf(last, text);
      try {
        await file.appendFile(`${last} ${text}\n`);
        await file.sync();
      } catch (cause) {
        throw cannot('written', path, errorMessage(cause), cause);
      }
      records.push(record);
    },
    close: () => file.close(),
  };
}

/** What a journal holds, without opening it for writing. @throws HalfspreadError HS_DEPLOY_JOURNAL */
export async function readDeployJournal(
  path: string,
): Promise<{ records: DeployRecord[]; startedAt: number; endedAt: number }> {
  const { records, startedAt, lastAt } = await readJournal(path);
  return { records, startedAt: startedAt ?? 0, endedAt: lastAt ?? 0 };
}

interface Read {
  records: DeployRecord[];
  startedAt: number | undefined;
  lastAt: number | undefined;
  sum: string;
  wholeBytes: number;
  tail: string;
}

async function readJournal(path: string): Promise<Read> {
  let text = '';
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) {
      throw cannot('read', path, errorMessage(cause), cause);
    }
  }
  const end = text.lastIndexOf('\n') + 1;
  const read: Read = {
    records: [],
    startedAt: undefined,
    lastAt: undefined,
    sum: '',
    wholeBytes: Buffer.byteLength(text.slice(0, end)),
    tail: text.slice(end),
  };
  for (const line of text.slice(0, end).split('\n').slice(0, -1)) {
    const n = read.records.length + 1;
    const sum = line.slice(0, SUM_LENGTH);
    const body = line.slice(SUM_LENGTH + 1);
    if (line[SUM_LENGTH] !== ' ' || sum !== sumOf(read.sum, body)) {
      throw cannot('used', `${path}:${n}`, 'this line is not what was written: its checksum differs');
    }
    const parsed = lineSchema.safeParse(jsonOf(body));
    if (!parsed.success || parsed.data.n !== n) {
      throw cannot('used', `${path}:${n}`, 'this line is not the record of a deploy that belongs there');
    }
    read.sum = sum;
    read.startedAt ??= parsed.data.at;
    read.lastAt = parsed.data.at;
    read.records.push(parsed.data.record);
  }
  return read;
}

function sumOf(before: string, text: string): string {
  return createHash('sha256').update(`${before}\n${text}`).digest('hex').slice(0, SUM_LENGTH);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function cannot(verb: string, path: string, why: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_DEPLOY_JOURNAL',
    `The journal of a deploy cannot be ${verb} (${path}): ${why}`,
    'Nothing was changed. Move the file away and deploy again with --adopt: every step looks at the server itself.',
    cause === undefined ? undefined : { cause },
  );
}
