import { z } from 'zod';
import type { WireError } from '../../engine/protocol/errors.ts';
import {
  keyNameSchema,
  pinnedCertificateSchema,
  spkiPinSchema,
  type PinnedCertificate,
} from '../../engine/protocol/pins.ts';
import type { Site } from '../ipc/site-schema.ts';
import { openStoredJson } from '../settings/stored-json.ts';

const recordSchema = z.strictObject({
  agentId: keyNameSchema,
  /** Of the site when the certificates were learned: another deploy that met the agent over SSH starts them anew. */
  basePin: spkiPinSchema,
  /** What the agent shows, and during a rotation what it will show next. */
  pins: z.array(pinnedCertificateSchema).min(1).max(2),
  /** Highest protocol agreed so far: no later connection goes below it. */
  protocol: z.number().int().min(0),
  /** A person locked it. */
  staysLocked: z.boolean(),
});
type Record = z.infer<typeof recordSchema>;
const fileSchema = z.strictObject({ version: z.literal(1), agents: z.array(recordSchema).max(200) });

/** What links to agents have learned and must not forget. Nothing in it is secret. */
export interface LinkMemory {
  readonly setAside: WireError | undefined;
  of(agent: Site['agent']): Pick<Record, 'pins' | 'protocol' | 'staysLocked'>;
  /** Durable when it resolves. */
  note(
    agent: Site['agent'],
    change: Partial<{ pins: PinnedCertificate[]; protocol: number; staysLocked: boolean }>,
  ): Promise<void>;
}

/** Opens data/deploy/links.json. @throws HalfspreadError HS_LINKS_READ */
export async function openLinkMemory(path: string, nowMs: () => number): Promise<LinkMemory> {
  const file = await openStoredJson({
    path,
    schema: fileSchema,
    noun: 'list of what links to agents have learned',
    codes: { read: 'HS_LINKS_READ', write: 'HS_LINKS_WRITE', setAside: 'HS_LINKS_SET_ASIDE' },
    without:
      'an agent whose certificate has been renewed since its deploy must be deployed to again before it is believed',
    nowMs,
  });
  let agents = file.found?.agents ?? [];

  function of({ agentId, spkiPin, certificatePem }: Site['agent']): Record {
    const kept = agents.find((one) => one.agentId === agentId);
    if (kept?.basePin === spkiPin) return kept;
    const pins = [{ spkiPin, certificatePem }];
    return { agentId, basePin: spkiPin, pins, protocol: 0, staysLocked: kept?.staysLocked ?? false };
  }

  return {
    setAside: file.setAside,
    of,
    async note(agent, change) {
      const next = [...agents.filter(({ agentId }) => agentId !== agent.agentId), { ...of(agent), ...change }];
      agents = next;
      await file.replace({ version: 1, agents: next });
    },
  };
}
