import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HalfspreadError } from '../../core/errors.ts';
import type { PurgeResult } from '../../protocol/agent-program.ts';
import { DEVICES_FILE } from '../trust/devices.ts';
import { IDENTITY_FILE } from '../trust/identity.ts';
import { openTradesOfJournals } from './locked-desk.ts';
import { SETTINGS_FILE } from './settings.ts';
import { lockStateFolder, stateFolder } from './state-folder.ts';

/** What an agent puts into its state folder; anything else there is somebody's, and stays. */
const OURS = new Set([
  IDENTITY_FILE,
  DEVICES_FILE,
  SETTINGS_FILE,
  'sightings.json',
  'term.json',
  'commands.jsonl',
  'last-desk.json',
  'audit',
  'data',
  'lock',
  'run',
]);

/**
 * Removes the agent's identity, trust, journals and logs.
 * @throws HalfspreadError HS_AGENT_RUNNING, HS_PURGE_NOT_FLAT, HS_PURGE_NOT_AGENT
 */
export async function purge(root: string): Promise<PurgeResult> {
  const names = await readdir(root).catch((cause: unknown) => {
    throw new HalfspreadError('HS_PURGE_NOT_AGENT', `${root} cannot be read.`, 'Name the state folder of an agent.', {
      cause,
    });
  });
  if (!names.includes(IDENTITY_FILE)) {
    throw new HalfspreadError(
      'HS_PURGE_NOT_AGENT',
      `${root} is no agent's state folder; nothing was removed.`,
      'Name the folder `init` was run with.',
    );
  }
  const release = await lockStateFolder(root);
  try {
    const open = await openTradesOfJournals(stateFolder(root));
    if (open.length > 0) {
      throw new HalfspreadError(
        'HS_PURGE_NOT_FLAT',
        `${open.length} trades of this agent are open (${open.map(({ id }) => id).join(', ')}): removing its journal would lose what is known of them.`,
        'Unlock the agent and close everything first; positions may be at the venues.',
      );
    }
  } finally {
    await release();
  }
  const removed = names.filter((name) => OURS.has(name.replace(/\.new$/, ''))).sort();
  for (const name of removed) await rm(join(root, name), { recursive: true, force: true });
  return { purged: true, removed };
}
