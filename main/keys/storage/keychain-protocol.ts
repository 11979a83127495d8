/**
 * The keychain program (keychain-program.ts): one process for one request. A call into a keychain that hangs cannot be
 * taken back and would keep the calling process from ending; a process of its own can be killed.
 */
import { z } from 'zod';
import { KEYCHAIN_TROUBLES } from './storage-errors.ts';

const name = z.string().min(1).max(200);
const secret = z.string().min(1).max(4096);
const common = {
  service: z.string().min(1).max(64),
  /** The person was told that the system may ask for its password, and is waiting for it. */
  mayAsk: z.boolean(),
};

/** Comes as the handover of the launcher: it carries secrets. */
export const keychainRequestSchema = z.discriminatedUnion('task', [
  /** Writes a random value, reads it, deletes it, and reads again. */
  z.strictObject({ task: z.literal('probe'), name, ...common }),
  z.strictObject({ task: z.literal('get'), name, ...common }),
  /** Writes and reads back. */
  z.strictObject({ task: z.literal('set'), name, secret, ...common }),
  /** Deletes and proves it. */
  z.strictObject({ task: z.literal('delete'), name, ...common }),
  z.strictObject({ task: z.literal('list'), ...common }),
]);
export type KeychainRequest = z.infer<typeof keychainRequestSchema>;
export type KeychainTask = KeychainRequest['task'];

export const keychainResultSchemas = {
  probe: z.strictObject({}),
  get: z.strictObject({ secret: secret.optional() }),
  set: z.strictObject({}),
  delete: z.strictObject({ existed: z.boolean() }),
  list: z.strictObject({ names: z.array(z.string()) }),
} as const satisfies Record<KeychainTask, z.ZodType>;
export type KeychainResult<Task extends KeychainTask> = z.infer<(typeof keychainResultSchemas)[Task]>;

/** The program's one line on standard output; not logged. */
export const keychainAnswerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ ok: z.literal(false), trouble: z.enum(KEYCHAIN_TROUBLES), detail: z.string() }),
]);
export type KeychainAnswer = z.infer<typeof keychainAnswerSchema>;
