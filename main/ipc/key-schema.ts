/**
 * Trading keys as they cross to the window: records without secrets, where secrets are kept, and what is being asked for.
 * No call of this file takes or gives a secret (security.md): secrets come by the shell's own way (main/shell/ports.ts).
 */
import { z } from 'zod';
import { paradexEndpointSchema, venueNameSchema, vestEndpointSchema } from '../../engine/protocol/endpoints.ts';
import { errorSchema } from '../../engine/protocol/messages.ts';

const unixMs = z.number().int();
const hex = z.string().regex(/^0x[0-9a-fA-F]{1,64}$/);
const ethereumAddress = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const label = z.string().trim().min(1).max(64);
const keyId = z.strictObject({ id: z.uuid() });
const nothing = z.strictObject({});

export const storageKindSchema = z.enum(['keychain', 'file', 'session']);
/** `keychain`: the operating system's; `file`: encrypted with a passphrase; `session`: this run's memory alone. */
export type StorageKind = z.infer<typeof storageKindSchema>;

export const storageStateSchema = z.strictObject({
  kind: storageKindSchema,
  /** `locked` waits for a person (unlock it); `refused` cannot be used, with the reason and the remedy. */
  state: z.enum(['checking', 'ready', 'locked', 'refused']),
  error: errorSchema.optional(),
  /** Of the encrypted file. */
  path: z.string().optional(),
});
export type StorageState = z.infer<typeof storageStateSchema>;

const commonOfRecord = {
  id: z.uuid(),
  /** The operator's own word for it. */
  label,
  /** Paradex: the account's address; Vest: the primary wallet's. */
  account: z.string().max(80),
  /** Paradex: Stark public key; Vest: address of the signing key. */
  publicKey: z.string().max(80),
  /** As the venue says, or as is known of keys of this kind. */
  mayWithdraw: z.enum(['yes', 'no', 'unknown']),
  origin: z.enum(['pasted', 'madeHere', 'imported']),
  createdAt: unixMs,
  /** Absent: it does not end by itself. */
  expiresAt: unixMs.optional(),
  storedIn: storageKindSchema,
  /** The desk of this machine trades with it: one per venue and address. */
  inUse: z.boolean(),
  /** When another took its place and it could not be revoked at the venue: it still works there. */
  replacedAt: unixMs.optional(),
  lastTest: z
    .strictObject({
      at: unixMs,
      /** Absent: it passed. */
      error: errorSchema.optional(),
      accountValueUsd: z.string().max(40).optional(),
      roundTripMs: z.number().optional(),
      /** False: the venue answered without checking a signature of this key; its first order proves it. */
      signatureChecked: z.boolean().optional(),
    })
    .optional(),
  /** The share of its life, in percent, at which its end was told last. */
  expiryTold: z.number().optional(),
};

/** What is kept of a trading key in plain sight: everything but the secret. */
export const keyRecordSchema = z.discriminatedUnion('venue', [
  z.strictObject({ venue: z.literal('paradex'), endpoint: paradexEndpointSchema, ...commonOfRecord }),
  z.strictObject({ venue: z.literal('vest'), endpoint: vestEndpointSchema, ...commonOfRecord }),
]);
export type KeyRecord = z.infer<typeof keyRecordSchema>;

/**
 * Whether the secret is where its record says: `gone` was deleted by somebody else, `elsewhere` is in another storage
 * than the open one, `unknown` while the storage is not open.
 */
export const presenceSchema = z.enum(['there', 'gone', 'elsewhere', 'unknown']);

/** What a key operation is at. */
export const keyStepSchema = z.enum([
  'asking',
  'checking',
  'reading',
  'making',
  'testing',
  'saving',
  'switching',
  'revoking',
  'deleting',
]);
export type KeyStep = z.infer<typeof keyStepSchema>;

export const keyActSchema = z.enum([
  'storage',
  'unlock',
  'add',
  'make',
  'register',
  'import',
  'restore',
  'test',
  'rotate',
  'revoke',
  'delete',
]);
export type KeyAct = z.infer<typeof keyActSchema>;

/** One thing done with keys; one at a time. It stays on view until the next one or until dismissed. */
export const keyOperationSchema = z.strictObject({
  number: z.number().int(),
  act: keyActSchema,
  venue: venueNameSchema.optional(),
  /** The key it is done to. */
  keyId: z.uuid().optional(),
  state: z.enum(['running', 'done', 'failed']),
  step: keyStepSchema,
  startedAt: unixMs,
  error: errorSchema.optional(),
  /** Of an import: what came of each venue's names, and names that were left alone with the reason. */
  imported: z
    .strictObject({
      venues: z.array(z.strictObject({ venue: venueNameSchema, error: errorSchema.optional() })),
      leftAlone: z.array(z.strictObject({ name: z.string().max(64), why: z.enum(['wideKey', 'unknown']) })),
    })
    .optional(),
});
export type KeyOperation = z.infer<typeof keyOperationSchema>;

export const keysStateSchema = z.strictObject({
  storage: storageStateSchema,
  /** Newest first. */
  keys: z.array(z.strictObject({ record: keyRecordSchema, presence: presenceSchema })),
  /** Secrets in the open storage that no record of the list stands for: the list was lost, its keys were not. */
  unlisted: z.number().int(),
  operation: keyOperationSchema.optional(),
  /** A list of keys that could not be read at start and was kept aside. */
  setAside: errorSchema.optional(),
});
export type KeysState = z.infer<typeof keysStateSchema>;

const wordsSchema = z.strictObject({ en: z.string(), fr: z.string() });

/** A secret that is being asked for, without it: what the window shows. */
export const secretPromptSchema = z.strictObject({
  id: z.uuid(),
  title: wordsSchema,
  /** What it is used for and what becomes of it. */
  detail: wordsSchema,
  kind: z.enum(['key', 'passphrase']),
  /** Where it can be handed over: what the person copied, the terminal Halfspread runs in (or its pipe), `halfspread secret`. */
  ways: z.array(z.enum(['clipboard', 'terminal', 'pipe', 'command'])),
  /** Unix ms; then it is given up. */
  until: unixMs,
  /** What was read from the clipboard, for the person to confirm. The fingerprint is left out for passphrases. */
  received: z.strictObject({ length: z.number().int(), fingerprint: z.string().max(16).optional() }).optional(),
  /** Why the last thing handed over was not taken. */
  refused: errorSchema.optional(),
});
export type SecretPrompt = z.infer<typeof secretPromptSchema>;

/** All that act on keys answer at once; `keys.state` follows their operation. */
export const keyCalls = {
  /** What the page shows; the storage is looked at again in the background. */
  'keys.open': {
    input: nothing,
    output: z.strictObject({ keys: keysStateSchema, prompt: secretPromptSchema.optional() }),
  },
  /** Tries the storage again. */
  'keys.check': { input: nothing, output: nothing },
  /** Keeps secrets there from now on; remembered. Secrets of the open storage move along, except into `session`. */
  'keys.storage': { input: z.strictObject({ kind: storageKindSchema }), output: nothing },
  /** Asks for the passphrase, or lets the operating system ask for its own. */
  'keys.unlock': { input: nothing, output: nothing },
  /** Asks for a key that exists already, tests it, keeps it. */
  'keys.add': {
    input: z.discriminatedUnion('venue', [
      z.strictObject({ venue: z.literal('paradex'), endpoint: paradexEndpointSchema, label, account: hex }),
      z.strictObject({
        venue: z.literal('vest'),
        endpoint: vestEndpointSchema,
        label,
        account: ethereumAddress,
        accountGroup: z.number().int().min(0).max(1_000_000),
        /** End of the registration. */
        expiresAt: unixMs,
      }),
    ]),
    output: nothing,
  },
  /** Asks for the Paradex main key once, to make a subkey with it. */
  'keys.make': {
    input: z.strictObject({ endpoint: paradexEndpointSchema, label, account: hex }),
    output: nothing,
  },
  /** Asks for the Vest primary key once, to register a signing key with it. */
  'keys.register': {
    input: z.strictObject({
      endpoint: vestEndpointSchema,
      label,
      account: ethereumAddress,
      days: z.number().int().min(1).max(365),
    }),
    output: nothing,
  },
  /** Reads `VEST_...` and `PARADEX_...` names from a file of this machine, or from Halfspread's own environment. */
  'keys.import': {
    input: z.strictObject({
      paradex: paradexEndpointSchema,
      vest: vestEndpointSchema,
      /** Absolute; absent: the environment. */
      path: z.string().min(1).max(4096).optional(),
    }),
    output: nothing,
  },
  /** Puts unlisted secrets of the open storage back on the list. */
  'keys.restore': { input: nothing, output: nothing },
  'keys.test': { input: keyId, output: nothing },
  /** Puts a new key in its place: made with the wide key, or one that exists already. */
  'keys.rotate': {
    input: z.strictObject({
      id: z.uuid(),
      how: z.discriminatedUnion('from', [
        z.strictObject({ from: z.literal('wideKey'), days: z.number().int().min(1).max(365).optional() }),
        z.strictObject({
          from: z.literal('existing'),
          accountGroup: z.number().int().min(0).max(1_000_000).optional(),
          expiresAt: unixMs.optional(),
        }),
      ]),
    }),
    output: nothing,
  },
  /** Asks for the Paradex main key once, revokes the subkey with it, then deletes it here. */
  'keys.revoke': { input: keyId, output: nothing },
  /** Deletes the secret and proves it is gone. `recordOnly`: takes it off the list where its storage cannot be reached. */
  'keys.delete': { input: z.strictObject({ id: z.uuid(), recordOnly: z.boolean() }), output: nothing },
  /** The desk of this machine trades with it from its next start on. */
  'keys.use': { input: keyId, output: nothing },
  'keys.rename': { input: z.strictObject({ id: z.uuid(), label }), output: nothing },
  /** Ends the operation that runs, where it can still be ended. */
  'keys.cancel': { input: nothing, output: nothing },
  /** Takes the finished operation from view. */
  'keys.dismiss': { input: nothing, output: nothing },
  /** Reads what the person copied into the prompt, and clears the clipboard. */
  'secret.read': { input: keyId, output: nothing },
  /** Uses what was read. */
  'secret.accept': { input: keyId, output: nothing },
  'secret.cancel': { input: keyId, output: nothing },
} as const;

export const keyEvents = {
  'keys.state': keysStateSchema,
  /** Empty: none is asked for any more. */
  'secret.state': z.strictObject({ prompt: secretPromptSchema.optional() }),
} as const;
