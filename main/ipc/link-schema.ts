/** The link axis: desktop <-> engine. */
import { z } from 'zod';
import { errorSchema } from '../../engine/protocol/messages.ts';
import { percentilesSchema } from '../../engine/protocol/model.ts';

export const linkStateSchema = z.strictObject({
  state: z.enum(['connecting', 'ready', 'lost']),
  rtt: percentilesSchema,
  lastSeenAt: z.number().optional(),
  attempt: z.number().int(),
  nextTryAt: z.number().optional(),
  /** Why there is no connection, where that is known; absent once it is back. */
  error: errorSchema.optional(),
  /** An agent on a server: what the link carried in the latest seconds. */
  bytesPerSecond: z.strictObject({ received: z.number(), sent: z.number() }).optional(),
  /** An agent on a server: its clock less this machine's, and how far off that may be. */
  clock: z.strictObject({ skewMs: z.number(), errorMs: z.number() }).optional(),
});
export type LinkState = z.infer<typeof linkStateSchema>;
