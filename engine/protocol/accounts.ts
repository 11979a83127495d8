/**
 * The accounts program (engine/accounts): everything main needs of the venues outside trading. It is started for one
 * request and ends with its answer. The request comes as the one JSON line of descriptor 3 (Electron: the first
 * `parentPort` message), because it carries secrets; the answer is the one line on standard output, and is not logged.
 */
import { z } from 'zod';
import { paradexEndpointSchema, venueEndpointsSchema, venueNameSchema, vestEndpointSchema } from './endpoints.ts';
import { errorSchema } from './messages.ts';

const hex = z.string().regex(/^0x[0-9a-fA-F]{1,64}$/, 'must be 0x and up to 64 hex digits');
const privateKey32 = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hex digits');
const unixMs = z.number().int();

/** What Paradex trading needs: a key that can trade and log in, and the account it belongs to. */
export const paradexTradingKeySchema = z.strictObject({ accountAddress: hex, privateKey: hex });
export type ParadexTradingKey = z.infer<typeof paradexTradingKeySchema>;

/** What Vest trading needs; `apiKey` and `accountGroup` come from its registration. */
export const vestTradingKeySchema = z.strictObject({
  primaryAddress: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  signingPrivateKey: privateKey32,
  apiKey: z.string().min(1).max(512),
  accountGroup: z.number().int().min(0),
  /** End of the registration. */
  expiresAt: unixMs,
});
export type VestTradingKey = z.infer<typeof vestTradingKeySchema>;

/** Keys a desk trades with. Only in memory, in the OS keychain, or sealed to an agent. */
export const tradingKeysSchema = z.strictObject({ paradex: paradexTradingKeySchema, vest: vestTradingKeySchema });
export type TradingKeys = z.infer<typeof tradingKeysSchema>;

export const accountsRequestSchema = z.discriminatedUnion('task', [
  /** Read-only, no keys: which API generation answers at each venue, and which markets it lists. */
  z.strictObject({ task: z.literal('probe'), endpoints: venueEndpointsSchema }),
  /** Read-only: logs in and reads the account. */
  z.strictObject({ task: z.literal('paradex.test'), endpoint: paradexEndpointSchema, key: paradexTradingKeySchema }),
  z.strictObject({ task: z.literal('vest.test'), endpoint: vestEndpointSchema, key: vestTradingKeySchema }),
  /** Makes a subkey with the main key, which is used for this alone. */
  z.strictObject({
    task: z.literal('paradex.makeSubkey'),
    endpoint: paradexEndpointSchema,
    mainKey: paradexTradingKeySchema,
    name: z.string().min(1).max(64),
  }),
  /** Revokes a subkey with the main key. */
  z.strictObject({
    task: z.literal('paradex.revokeSubkey'),
    endpoint: paradexEndpointSchema,
    mainKey: paradexTradingKeySchema,
    publicKey: hex,
  }),
  /** Makes a signing key and registers it with the primary key, which is used for this alone. */
  z.strictObject({
    task: z.literal('vest.register'),
    endpoint: vestEndpointSchema,
    primaryKey: privateKey32,
    expiresAt: unixMs,
  }),
]);
export type AccountsRequest = z.infer<typeof accountsRequestSchema>;
export type AccountsTask = AccountsRequest['task'];
export type AccountsRequestOf<Task extends AccountsTask> = Extract<AccountsRequest, { task: Task }>;

/** What a read-only test of a key found. */
export const keyTestSchema = z.strictObject({
  accountAddress: z.string(),
  /** Public part of the key: Stark public key, or the signing key's address. */
  publicKey: z.string(),
  /** Whether the venue lets this key withdraw; `unknown` where it does not say. */
  mayWithdraw: z.enum(['yes', 'no', 'unknown']),
  /** Paradex: a main key was given where a subkey belongs. */
  kind: z.enum(['subkey', 'mainKey', 'signingKey']),
  expiresAt: unixMs.optional(),
  /**
   * Whether the venue checked a signature of this key during the test. Paradex's login is one. Vest's reads carry the API
   * key alone, so there the signing key is first proven by its first order.
   */
  signatureChecked: z.boolean(),
  /** Account value in USD as the venue states it, decimal text. */
  accountValueUsd: z.string().optional(),
  roundTripMs: z.number(),
});
export type KeyTest = z.infer<typeof keyTestSchema>;

export const venueProbeSchema = z.strictObject({
  venue: venueNameSchema,
  /** Whether an order path of this product exists for what answered, and every step of the probe passed. */
  usable: z.boolean(),
  /** "v1", "v2", "v3"; absent when nothing answered as an API. */
  generation: z.string().max(16).optional(),
  /** English, one sentence per step of the probe, for logs and the details of the page. */
  steps: z.array(z.strictObject({ what: z.string(), ok: z.boolean(), detail: z.string(), ms: z.number() })),
  markets: z.array(z.string()).max(500),
  /** Median round trip of the REST reads. */
  roundTripMs: z.number().optional(),
  error: errorSchema.optional(),
});
export type VenueProbe = z.infer<typeof venueProbeSchema>;

/** Result by task. */
export const accountsResultSchemas = {
  probe: z.strictObject({ venues: z.array(venueProbeSchema) }),
  'paradex.test': keyTestSchema,
  'vest.test': keyTestSchema,
  /** `test`: the new key passed the same test before the answer was given. */
  'paradex.makeSubkey': z.strictObject({ key: paradexTradingKeySchema, publicKey: hex, test: keyTestSchema }),
  'paradex.revokeSubkey': z.strictObject({}),
  'vest.register': z.strictObject({ key: vestTradingKeySchema, test: keyTestSchema }),
} as const satisfies Record<AccountsTask, z.ZodType>;
export type AccountsResult<Task extends AccountsTask> = z.infer<(typeof accountsResultSchemas)[Task]>;

/** The program's one line. */
export const accountsAnswerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: errorSchema }),
]);
