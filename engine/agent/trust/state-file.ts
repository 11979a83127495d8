import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { errorMessage, HalfspreadError } from '../../core/errors.ts';
import { nodeDisk } from '../../node/disk.ts';
import { parseStrictJson } from '../../protocol/strict-json.ts';

/**
 * Reads a file of the state folder; undefined when there is none.
 * @throws HalfspreadError HS_STATE_FILE naming the file and the field when it is not what the agent wrote: a damaged trust
 * file must never be read as "nobody is enrolled" or "anybody is".
 */
export async function readStateFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw stateFileError(path, errorMessage(cause), cause);
  }
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (cause) {
    throw stateFileError(path, syntaxProblem(cause), cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw stateFileError(path, `field ${fieldName(issue?.path ?? [])}: ${issue?.message ?? 'is wrong'}`);
}

/** Replaces the file in one step; only this user may read it. */
export async function writeStateFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  value: z.infer<Schema>,
): Promise<void> {
  await nodeDisk.writeAtomically(path, `${JSON.stringify(schema.parse(value), undefined, 2)}\n`);
}

export function stateFileError(path: string, problem: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_STATE_FILE',
    `${path} is damaged (${problem}). Nothing was changed.`,
    'Put the file back from a backup. Without one: stop the agent, remove its state folder, and deploy it anew from the desktop.',
    { cause },
  );
}

/** ["devices", 2, "role"] -> "devices[2].role" */
function fieldName(path: readonly PropertyKey[]): string {
  return (
    path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, '') || 'root'
  );
}

function syntaxProblem(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return errorMessage(inner);
}
