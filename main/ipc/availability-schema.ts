import { z } from 'zod';
import { errorSchema } from '../../engine/protocol/messages.ts';

/** Whether this desktop gives us something, and if not why. `untried`: nothing was needed of it yet. */
export const availabilitySchema = z.strictObject({
  state: z.enum(['available', 'untried', 'limited', 'unavailable']),
  /** For `limited` and `unavailable`. */
  reason: errorSchema.optional(),
});
export type Availability = z.infer<typeof availabilitySchema>;
