/** The content of the command `unlock`, inside its seal (sealed.ts). */
import { z } from 'zod';
import { deskLaunchSchema } from './launch.ts';

export const unlockContentSchema = z.strictObject({
  desk: deskLaunchSchema,
  /** Granted to this agent with the unlock; must be above, or be, the one it holds. */
  term: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
/** As it is written. */
export type UnlockContentInput = z.input<typeof unlockContentSchema>;
export type UnlockContent = z.infer<typeof unlockContentSchema>;
