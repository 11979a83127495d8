import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { errorMessage, HalfspreadError, type WireError } from '../../engine/protocol/errors.ts';
import { replaceFile } from './replace-file.ts';

/** One JSON file of this user, and how it is spoken of. */
export interface StoredJsonOptions<Value> {
  path: string;
  schema: z.ZodType<Value>;
  /** "settings": in "Cannot write the settings /path". */
  noun: string;
  codes: { read: `HS_${string}`; write: `HS_${string}`; setAside: `HS_${string}` };
  /** What happens without the file: "Halfspread starts with its own". */
  without: string;
  nowMs: () => number;
}

export interface StoredJson<Value> {
  /** Undefined when there is no file, or none that could be used. */
  readonly found: Value | undefined;
  /** A file that could not be used at start and was kept aside, with the name it has now. */
  readonly setAside: WireError | undefined;
  /** Durable when it resolves; one write after the other, a failed one does not stop the next. @throws HalfspreadError */
  replace(value: Value): Promise<void>;
}

/**
 * Opens a JSON file. One that is not valid is renamed to `<name>.unreadable-<time>` and named in `setAside`; it is never
 * overwritten.
 * @throws HalfspreadError with the read code when the file exists and cannot be read or moved.
 */
export async function openStoredJson<Value>(options: StoredJsonOptions<Value>): Promise<StoredJson<Value>> {
  const { found, setAside } = await load(options);
  let writing: Promise<void> = Promise.resolve();
  return {
    found,
    setAside,
    replace(value) {
      const text = `${JSON.stringify(value, undefined, 2)}\n`;
      const written = writing.catch(() => undefined).then(() => write(options, text));
      writing = written;
      return written;
    },
  };
}

async function load<Value>(
  options: StoredJsonOptions<Value>,
): Promise<{ found?: Value | undefined; setAside?: WireError }> {
  const { path, noun, codes } = options;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw cannot(codes.read, 'read', options, cause);
  }
  const checked = check(options.schema, text);
  if ('value' in checked) return { found: checked.value };
  const keptAs = `${path}.unreadable-${new Date(options.nowMs()).toISOString().replaceAll(':', '-')}`;
  try {
    await rename(path, keptAs);
  } catch (cause) {
    throw cannot(codes.read, 'set aside', options, cause);
  }
  return {
    setAside: {
      code: codes.setAside,
      message: `The ${noun} could not be used (${checked.problem}); ${options.without}. The file is kept as ${keptAs}.`,
      remedy: `Correct the kept file and rename it to ${path}, or go on without it.`,
    },
  };
}

function check<Value>(schema: z.ZodType<Value>, text: string): { value: Value } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: errorMessage(error) };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { value: parsed.data } : { problem: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
}

async function write<Value>(options: StoredJsonOptions<Value>, text: string): Promise<void> {
  try {
    await replaceFile(options.path, text);
  } catch (cause) {
    throw cannot(options.codes.write, 'write', options, cause);
  }
}

function cannot<Value>(
  code: `HS_${string}`,
  verb: string,
  { noun, path }: StoredJsonOptions<Value>,
  cause: unknown,
): HalfspreadError {
  return new HalfspreadError(
    code,
    `Cannot ${verb} the ${noun} ${path}: ${errorMessage(cause)}`,
    'Check that this user may read and write the file and its folder, and that the disk is not full.',
    { cause },
  );
}
