import { join } from 'node:path';
import { z } from 'zod';
import { keyNameSchema } from '../../protocol/agent-program.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

const SIGHTINGS_FILE = 'sightings.json';
const sightingsSchema = z.strictObject({
  version: z.literal(1),
  devices: z.record(
    keyNameSchema,
    z.strictObject({
      lastSeenAt: z.number(),
      /** Highest protocol ever agreed with it: it may not come with a lower one. */
      protocol: z.number().int(),
    }),
  ),
});
export type Sightings = z.infer<typeof sightingsSchema>['devices'];

/**
 * What the running agent remembers of its devices. A file of its own, so that the agent and the verbs that enrol and revoke
 * never write the same one. @throws HalfspreadError HS_STATE_FILE
 */
export async function readSightings(stateFolder: string): Promise<Sightings> {
  return (await readStateFile(join(stateFolder, SIGHTINGS_FILE), sightingsSchema))?.devices ?? {};
}

export function writeSightings(stateFolder: string, devices: Sightings): Promise<void> {
  return writeStateFile(join(stateFolder, SIGHTINGS_FILE), sightingsSchema, { version: 1, devices });
}
