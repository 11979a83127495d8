import { z } from 'zod';
import { HalfspreadError, type WireError } from '../../../engine/protocol/errors.ts';
import { priceSchema, providerIdSchema } from '../../ipc/cloud-schema.ts';
import { openStoredJson } from '../../settings/stored-json.ts';

/**
 * A server we asked a cloud for. Written before each call that makes something, so that after a crash it is known what may
 * exist; never a secret.
 */
export const cloudServerSchema = z.strictObject({
  /** Label of everything that was made for it. */
  deployId: z.uuid(),
  site: z.string().max(31),
  provider: providerIdSchema,
  region: z.string().max(64),
  plan: z.string().max(64),
  /** What the operator accepted, a month. */
  price: priceSchema,
  /** `making`: a call was or will be made; `exists`: the cloud said so; `gone`: deleted and looked for again. */
  state: z.enum(['making', 'exists', 'gone']),
  serverId: z.string().max(128).optional(),
  ipv4: z.string().max(45).optional(),
  /** Attested by the cloud, or of the one-time host key of the first boot. */
  hostKeyFingerprints: z.array(z.string()).max(8),
  /** The one-time host key has been replaced by one made on the server. */
  hostKeyRotated: z.boolean(),
  /** Made on the server, and about to replace the one-time key: until it is seen from outside, either may be shown. */
  nextHostKeyFingerprint: z.string().optional(),
  /** Of the request, to take it up again. */
  agentPort: z.number().int().optional(),
  sources: z.array(z.string()).max(8).optional(),
  createdAt: z.number(),
});
export type CloudServerRecord = z.infer<typeof cloudServerSchema>;

const fileSchema = z.strictObject({ version: z.literal(1), servers: z.array(cloudServerSchema).max(200) });

export interface CloudServerStore {
  readonly setAside: WireError | undefined;
  list(): readonly CloudServerRecord[];
  /** Not yet gone, by the name of its site. */
  ofSite(site: string): CloudServerRecord | undefined;
  /** Durable when it resolves. */
  put(record: CloudServerRecord): Promise<void>;
}

/** Opens data/deploy/servers.json. @throws HalfspreadError HS_CLOUD_SERVERS_READ */
export async function openCloudServers(path: string, nowMs: () => number): Promise<CloudServerStore> {
  const file = await openStoredJson({
    path,
    schema: fileSchema,
    noun: 'list of servers made at clouds',
    codes: { read: 'HS_CLOUD_SERVERS_READ', write: 'HS_CLOUD_SERVERS_WRITE', setAside: 'HS_CLOUD_SERVERS_SET_ASIDE' },
    without:
      'Halfspread starts with an empty one; servers that exist go on and cost what they cost: look into the cloud’s console',
    nowMs,
  });
  let servers = file.found?.servers ?? [];
  return {
    setAside: file.setAside,
    list: () => servers,
    ofSite: (site) => servers.find((one) => one.site === site && one.state !== 'gone'),
    async put(record) {
      const next = [...servers.filter(({ deployId }) => deployId !== record.deployId), record];
      await file.replace({ version: 1, servers: next });
      servers = next;
    },
  };
}

export function noSuchServer(site: string): HalfspreadError {
  return new HalfspreadError(
    'HS_CLOUD_NO_SERVER',
    `No server of a cloud belongs to the site "${site}".`,
    'Uninstall the site instead; a server of your own is deleted where you ordered it.',
  );
}
