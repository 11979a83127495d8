import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConfigCheckAnswer } from '../../engine/protocol/config-check.ts';
import { errorMessage, HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { DeskConfigText } from '../../engine/protocol/launch.ts';
import type { ConfigState } from '../ipc/mode-schema.ts';

export interface DeskConfigOptions {
  /** The operator's file. */
  path: string;
  /** Where the latest valid content is kept: a file that became invalid does not keep the desk from starting. */
  validPath: string;
  check(text: string): Promise<ConfigCheckAnswer>;
  /** What the file is made of when there is none. */
  template(): string;
  now(): number;
  onChange(): void;
}

/** The config of paper and live desks, as a file of the operator's. An invalid content never replaces a valid one. */
export interface DeskConfig {
  state(): ConfigState;
  /** What a desk is started with; undefined until there was a valid content. */
  valid(): DeskConfigText | undefined;
  /** Makes the file if there is none. @throws HalfspreadError HS_CONFIG_WRITE */
  ensureFile(): Promise<void>;
  /** Reads and checks the file; what came of it is in `state()`. Calls are carried out one after the other. */
  reload(): Promise<void>;
}

export function createDeskConfig(options: DeskConfigOptions): DeskConfig {
  const { path, validPath, check, now } = options;
  let state: ConfigState = { path, problems: [] };
  let valid: DeskConfigText | undefined;
  let reloading: Promise<void> = Promise.resolve();

  function setState(change: Omit<ConfigState, 'path'>): void {
    state = { path, ...change };
    options.onChange();
  }

  async function load(): Promise<void> {
    try {
      if (!valid) await adoptKept();
      const text = await readFile(path, 'utf8');
      const answer = await check(text);
      if (!answer.ok) return setState({ valid: state.valid, problems: answer.problems });
      if (text !== valid?.text) {
        await replaceFile(validPath, text);
        valid = { text, path };
      }
      setState({ valid: { at: now(), summary: answer.summary }, problems: [] });
    } catch (error) {
      setState({ valid: state.valid, problems: [], error: toWireError(readable(error, path)) });
    }
  }

  /** The valid content of an earlier run. It is checked anew: this version may know more rules. */
  async function adoptKept(): Promise<void> {
    try {
      const text = await readFile(validPath, 'utf8');
      const answer = await check(text);
      if (!answer.ok) return;
      valid = { text, path };
      state = { ...state, valid: { at: now(), summary: answer.summary } };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  return {
    state: () => state,
    valid: () => valid,
    async ensureFile() {
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const file = await open(path, 'wx', 0o600);
        try {
          await file.writeFile(options.template());
        } finally {
          await file.close();
        }
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
        throw cannotWrite(path, error);
      }
    },
    reload() {
      reloading = reloading.then(load);
      return reloading;
    },
  };
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
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function readable(error: unknown, path: string): unknown {
  if (error instanceof HalfspreadError) return error;
  if (isMissing(error)) {
    return new HalfspreadError(
      'HS_CONFIG_MISSING',
      `The desk's config ${path} is not there.`,
      'Open it from here: it is made with commented values.',
      { cause: error },
    );
  }
  return new HalfspreadError(
    'HS_CONFIG_READ',
    `Cannot read the desk's config ${path}: ${errorMessage(error)}`,
    'Check that this user may read it.',
    { cause: error },
  );
}

function cannotWrite(path: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_CONFIG_WRITE',
    `Cannot write ${path}: ${errorMessage(cause)}`,
    'Check that this user may write there, and that the disk is not full.',
    { cause },
  );
}
