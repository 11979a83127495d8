/** Practice, paper and live: the calls and events of this part, merged into main/ipc/schema.ts. */
import { z } from 'zod';

/** A question that waits for the code the terminal shows (browser shell; main/shell/ports.ts, CodeEntry). */
export const pendingCodeSchema = z.strictObject({
  id: z.uuid(),
  /** What is asked. */
  title: z.string(),
  triesLeft: z.number().int().min(1),
  /** Unix ms. */
  expiresAt: z.number(),
});
export type PendingCode = z.infer<typeof pendingCodeSchema>;

export const modeCalls = {
  /** The code as it was typed, digits only. */
  'confirm.code': {
    input: z.strictObject({ id: z.uuid(), code: z.string().regex(/^\d{1,12}$/) }),
    output: z.strictObject({ right: z.boolean() }),
  },
  'confirm.cancel': { input: z.strictObject({ id: z.uuid() }), output: z.strictObject({}) },
} as const;

export const modeEvents = {
  /** Without `pending`: no question waits any more. */
  'confirm.asked': z.strictObject({ pending: pendingCodeSchema.optional() }),
} as const;
