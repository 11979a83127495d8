import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorMessage, HalfspreadError, type WireError } from '../../engine/protocol/errors.ts';
import { languageSchema, practiceChoiceSchema, themeSchema } from '../ipc/schema.ts';

export const settingsSchema = z.strictObject({
  version: z.literal(1),
  language: languageSchema.optional(),
  theme: themeSchema.optional(),
  /** Absent until the operator chooses: the first tape over a rural line. */
  practice: practiceChoiceSchema.optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

const EMPTY: Settings = { version: 1 };

export interface SettingsStore {
  get(): Settings;
  /** Written to disk before it resolves. @throws HalfspreadError HS_SETTINGS_WRITE */
  set(change: Omit<Settings, 'version'>): Promise<void>;
  /** A file that could not be used at start and was kept aside, with the name it has now. */
  readonly setAside: WireError | undefined;
}

/**
 * Opens the settings file. A file that is not valid is renamed to `<name>.unreadable-<time>` and named in `setAside`;
 * it is never overwritten.
 * @throws HalfspreadError HS_SETTINGS_READ when the file exists and cannot be read or moved.
 */
export async function openSettings(path: string, nowMs: () => number): Promise<SettingsStore> {
  const { settings, setAside } = await load(path, nowMs);
  let current = settings;
  let writing: Promise<void> = Promise.resolve();
  return {
    setAside,
    get: () => current,
    set(change) {
      current = { ...current, ...change };
      const text = `${JSON.stringify(current, undefined, 2)}\n`;
      // One write after the other; a failed one does not stop the next.
      const write = writing.catch(() => undefined).then(() => replaceFile(path, text));
      writing = write;
      return write;
    },
  };
}

async function load(path: string, nowMs: () => number): Promise<{ settings: Settings; setAside?: WireError }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { settings: EMPTY };
    throw cannot('HS_SETTINGS_READ', 'read', path, cause);
  }
  const problem = check(text);
  if (typeof problem !== 'string') return { settings: problem };
  const keptAs = `${path}.unreadable-${new Date(nowMs()).toISOString().replaceAll(':', '-')}`;
  try {
    await rename(path, keptAs);
  } catch (cause) {
    throw cannot('HS_SETTINGS_READ', 'set aside', path, cause);
  }
  return {
    settings: EMPTY,
    setAside: {
      code: 'HS_SETTINGS_SET_ASIDE',
      message: `The settings could not be used (${problem}); Halfspread starts with its own. The file is kept as ${keptAs}.`,
      remedy: `Correct the kept file and rename it to ${path}, or choose the settings again.`,
    },
  };
}

/** The settings, or what is wrong with them. */
function check(text: string): Settings | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return errorMessage(error);
  }
  const parsed = settingsSchema.safeParse(value);
  return parsed.success ? parsed.data : z.prettifyError(parsed.error).replaceAll('\n', ' ');
}

async function replaceFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.tmp`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    throw cannot('HS_SETTINGS_WRITE', 'write', path, cause);
  }
}

function cannot(code: `HS_${string}`, verb: string, path: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    code,
    `Cannot ${verb} the settings ${path}: ${errorMessage(cause)}`,
    'Check that this user may read and write the file and its folder, and that the disk is not full.',
    { cause },
  );
}
