import { z } from 'zod';
import { errorSchema } from '../../engine/protocol/messages.ts';

/**
 * Whether Halfspread starts at login, as the system has it now. `changed`: somebody or something else has changed our
 * entry; it is theirs until the setting is chosen again. `reason` for `changed` and `unavailable`.
 */
export const loginItemSchema = z.strictObject({
  state: z.enum(['off', 'on', 'changed', 'unavailable']),
  reason: errorSchema.optional(),
});
export type LoginItemState = z.infer<typeof loginItemSchema>;
