/** What crosses the browser shell's WebSocket `/ipc`: one JSON text per frame. */
import { z } from 'zod';
import { errorSchema } from '../../engine/protocol/messages.ts';
import { ipcEvents, type IpcEventName } from '../../main/ipc/schema.ts';

const eventName = z.enum(Object.keys(ipcEvents) as [IpcEventName, ...IpcEventName[]]);

export const shellFrameSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answer'),
    id: z.union([z.number(), z.string()]),
    ok: z.boolean(),
    output: z.unknown().optional(),
    error: errorSchema.optional(),
  }),
  z.object({ kind: z.literal('event'), name: eventName, data: z.unknown() }),
]);
export type ShellFrame = z.infer<typeof shellFrameSchema>;
