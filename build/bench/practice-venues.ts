import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseVenueSet, type VenueSet } from '../../engine/desk/venue-set.ts';

export const CLI = fileURLToPath(new URL('../../engine/cli.ts', import.meta.url));

/** Both practice venues in a process of their own, so that they share no event loop with what is measured. */
export async function startVenues(): Promise<{
  venueSet: VenueSet;
  accounts: PracticeAccount[];
  stop(): Promise<void>;
}> {
  const child = spawn(process.execPath, [CLI, 'practice', 'serve', '--network', 'none', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then(() => Promise.reject(new Error('the practice venues ended before they were ready'))),
  ]);
  const description = JSON.parse(line) as { paradex: { accounts: PracticeAccount[] } };
  return {
    venueSet: parseVenueSet(description),
    accounts: description.paradex.accounts,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export interface PracticeAccount {
  ethPrivateKey: string;
  ethAddress: string;
}
