import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ProcessLauncher } from '../../engines/launcher.ts';
import { oneAnswer } from '../../engines/one-answer.ts';
import { cancelled } from '../cancelled.ts';
import type { SecretStore } from '../secret-store.ts';
import {
  keychainAnswerSchema,
  keychainResultSchemas,
  type KeychainRequest,
  type KeychainResult,
  type KeychainTask,
} from './keychain-protocol.ts';
import { keychainError } from './storage-errors.ts';

const SERVICE = 'halfspread';
/** The probe of the start, and every call while nobody was told to look for a password window. */
const LIMIT_MS = 5_000;
/** The person types a password into a window of the system. */
const PERSON_LIMIT_MS = 120_000;

export interface KeychainStoreOptions {
  launcher: ProcessLauncher;
  /** Programs.keychain */
  script: string;
  platform: string;
  /** In front of every name: two desks of one user keep apart. */
  prefix: string;
  limitMs?: number;
}

/** Names of one Halfspread in the keychain: by its settings folder, the same for the window and the command line. */
export function keychainPrefix(settingsFolder: string): string {
  return `${createHash('sha256').update(settingsFolder).digest('hex').slice(0, 8)}/`;
}

/** The keychain of the operating system. */
export interface KeychainStore extends SecretStore {
  /** Writes, reads and deletes a random value. @throws HalfspreadError HS_KEYCHAIN_... with the reason */
  probe(): Promise<void>;
  /** The same, and the system may ask the person for its password meanwhile. */
  unlock(signal: AbortSignal): Promise<void>;
  /** Ends calls that are under way. */
  stop(): void;
}

/** By task, so that one call with a generic task keeps its result's type. */
const resultSchemas: { [Task in KeychainTask]: z.ZodType<KeychainResult<Task>> } = keychainResultSchemas;

/** Each call is a process of its own (keychain-protocol.ts): one that hangs is killed, here nothing waits for it. */
export function createKeychainStore(options: KeychainStoreOptions): KeychainStore {
  const { launcher, script, platform, prefix, limitMs = LIMIT_MS } = options;
  const stopping = new AbortController();

  async function ask<Task extends KeychainTask>(
    request: KeychainRequest & { task: Task },
    timeoutMs = limitMs,
    signal = stopping.signal,
  ): Promise<KeychainResult<Task>> {
    const { task }: { task: Task } = request;
    const spec = {
      name: 'keychain',
      script,
      args: [],
      handover: request,
    };
    const answer = await oneAnswer(launcher, spec, { timeoutMs, signal });
    switch (answer.kind) {
      case 'timeOver':
        throw keychainError('hangs', platform, `${timeoutMs / 1000} s`);
      case 'aborted':
        throw cancelled();
      case 'noAnswer':
        throw keychainError('failed', platform, answer.how);
      case 'line':
        return readAnswer(task, answer.line);
    }
  }

  function readAnswer<Task extends KeychainTask>(task: Task, line: string): KeychainResult<Task> {
    const answer = keychainAnswerSchema.safeParse(parseJson(line));
    if (!answer.success) throw keychainError('failed', platform, 'its answer cannot be read');
    if (!answer.data.ok) throw keychainError(answer.data.trouble, platform, answer.data.detail);
    const result = resultSchemas[task].safeParse(answer.data.result);
    // The schema's issues could quote a secret: they are not carried on.
    if (!result.success) throw keychainError('failed', platform, 'its answer does not fit');
    return result.data;
  }

  const common = { service: SERVICE, mayAsk: false };
  const nameOf = (name: string) => `${prefix}${name}`;
  const probeName = () => nameOf(`probe/${randomUUID()}`);

  return {
    kind: 'keychain',
    async probe() {
      await ask({ task: 'probe', name: probeName(), ...common });
    },
    async unlock(signal) {
      const request = { task: 'probe', name: probeName(), ...common, mayAsk: true } as const;
      await ask(request, PERSON_LIMIT_MS, AbortSignal.any([signal, stopping.signal]));
    },
    get: async (name) => (await ask({ task: 'get', name: nameOf(name), ...common })).secret,
    async set(name, secret) {
      await ask({ task: 'set', name: nameOf(name), secret, ...common });
    },
    delete: async (name) => (await ask({ task: 'delete', name: nameOf(name), ...common })).existed,
    async list() {
      const { names } = await ask({ task: 'list', ...common });
      return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    },
    stop: () => stopping.abort(),
  };
}

/** Undefined when it is none: the parser's error would quote the line. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
