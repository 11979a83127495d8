import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { HalfspreadError } from '../../core/errors.ts';
import type { DeskLaunch } from '../../protocol/launch.ts';
import { lockDataFolder } from '../folder-lock.ts';

/** What lies where below the agent's state folder; trust files are named in engine/agent/trust. */
export interface StateFolder {
  root: string;
  audit: string;
  commandLog: string;
  lastDesk: string;
  /** Journals, one folder per mode and account. */
  data: string;
  /** Private socket of `status`. */
  statusPipe: string;
}

export function stateFolder(root: string): StateFolder {
  return {
    root,
    audit: join(root, 'audit'),
    commandLog: join(root, 'commands.jsonl'),
    lastDesk: join(root, 'last-desk.json'),
    data: join(root, 'data'),
    statusPipe:
      process.platform === 'win32'
        ? `\\\\.\\pipe\\halfspread-agent-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
        : join(root, 'run', 'status.sock'),
  };
}

/**
 * Holds the state folder for one running agent. @returns releases it
 * @throws HalfspreadError HS_AGENT_RUNNING, HS_DISK
 */
export async function lockStateFolder(root: string): Promise<() => Promise<void>> {
  try {
    const lock = await lockDataFolder(join(root, 'run'));
    return () => lock.release();
  } catch (cause) {
    if (!(cause instanceof HalfspreadError) || cause.code !== 'HS_DATA_IN_USE') throw cause;
    throw new HalfspreadError(
      'HS_AGENT_RUNNING',
      `An agent is running on ${root}; a second one would answer for the same identity.`,
      'Stop the service first, or name another state folder.',
      { cause },
    );
  }
}

/** Journals of different modes, and of different live accounts, never share a folder. */
export function dataFolderOf(folder: StateFolder, launch: DeskLaunch): string {
  if (launch.mode !== 'live') return join(folder.data, launch.mode);
  const accounts = `${launch.keys.paradex.accountAddress} ${launch.keys.vest.primaryAddress}`.toLowerCase();
  return join(folder.data, `live-${createHash('sha256').update(accounts).digest('hex').slice(0, 12)}`);
}
