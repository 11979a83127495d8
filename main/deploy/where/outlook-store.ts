import { z } from 'zod';
import type { WireError } from '../../../engine/protocol/errors.ts';
import { outlookSchema, type Outlook } from '../../ipc/site-schema.ts';
import { openStoredJson } from '../../settings/stored-json.ts';

/** What was predicted before each deploy: to be held against what is measured afterwards. */
export interface OutlookStore {
  readonly setAside: WireError | undefined;
  of(site: string): Outlook | undefined;
  list(): readonly Outlook[];
  /** Durable when it resolves. */
  put(outlook: Outlook): Promise<void>;
  remove(site: string): Promise<void>;
}

const keptSchema = outlookSchema.omit({ measured: true });
const fileSchema = z.strictObject({ version: z.literal(1), outlooks: z.array(keptSchema).max(200) });

/** Opens data/deploy/outlooks.json. @throws HalfspreadError HS_OUTLOOKS_READ */
export async function openOutlooks(path: string, nowMs: () => number): Promise<OutlookStore> {
  const file = await openStoredJson({
    path,
    schema: fileSchema,
    noun: 'predictions for sites',
    codes: { read: 'HS_OUTLOOKS_READ', write: 'HS_OUTLOOKS_WRITE', setAside: 'HS_OUTLOOKS_SET_ASIDE' },
    without: 'what was predicted for the sites is not shown any more; what was measured there is',
    nowMs,
  });
  let outlooks = file.found?.outlooks ?? [];
  async function replace(next: typeof outlooks): Promise<void> {
    await file.replace({ version: 1, outlooks: next });
    outlooks = next;
  }
  return {
    setAside: file.setAside,
    of: (site) => outlooks.find((one) => one.site === site),
    list: () => outlooks,
    put: ({ site, at, prediction }) =>
      replace([...outlooks.filter((one) => one.site !== site), { site, at, prediction }]),
    async remove(site) {
      if (outlooks.some((one) => one.site === site)) await replace(outlooks.filter((one) => one.site !== site));
    },
  };
}
