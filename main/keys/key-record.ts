/** What is kept of a trading key in plain sight: everything but the secret. Pure schemas. */
import { z } from 'zod';
import { paradexEndpointSchema, vestEndpointSchema } from '../../engine/protocol/endpoints.ts';

export const storageKindSchema = z.enum(['keychain', 'file', 'session']);
/** `keychain`: of the operating system; `file`: encrypted with a passphrase; `session`: this run's memory alone. */
export type StorageKind = z.infer<typeof storageKindSchema>;

const unixMs = z.number().int();

const common = {
  id: z.uuid(),
  /** The operator's own word for it. */
  label: z.string().min(1).max(64),
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
  /** The one the desk of this machine trades with: one per venue and address. */
  inUse: z.boolean(),
  /** Replaced by a newer key; to be revoked at the venue, which could not be done then. */
  replacedAt: unixMs.optional(),
  lastTest: z
    .strictObject({
      at: unixMs,
      /** Code of the HalfspreadError; absent: it passed. */
      failed: z.string().max(64).optional(),
      accountValueUsd: z.string().max(40).optional(),
      roundTripMs: z.number().optional(),
    })
    .optional(),
  /** The share of its life (percent) of which its end was announced last. */
  expiryTold: z.number().optional(),
};

export const keyRecordSchema = z.discriminatedUnion('venue', [
  z.strictObject({ venue: z.literal('paradex'), endpoint: paradexEndpointSchema, ...common }),
  z.strictObject({ venue: z.literal('vest'), endpoint: vestEndpointSchema, ...common }),
]);
export type KeyRecord = z.infer<typeof keyRecordSchema>;
