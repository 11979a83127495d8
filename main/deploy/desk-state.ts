import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { DeskState } from './ports.ts';

interface Held {
  desk: Pick<Snapshot['desk'], 'mode'>;
  exposure: Pick<Snapshot['exposure'], 'notionalUsdE8' | 'ordersInDoubt'>;
}

/**
 * Whether a desk is flat as far as a switch to another engine is concerned. Practice and paper hold nothing at a venue.
 * @param snapshot undefined: no engine runs on this machine
 */
export function deskStateOf(snapshot: Held | undefined): DeskState {
  if (!snapshot || snapshot.desk.mode !== 'live') return { flat: true };
  const { notionalUsdE8, ordersInDoubt } = snapshot.exposure;
  if (ordersInDoubt > 0) return { flat: false, why: `${ordersInDoubt} orders in doubt` };
  if (notionalUsdE8 !== 0) return { flat: false, why: `${(notionalUsdE8 / 1e8).toFixed(0)} USD of positions are open` };
  return { flat: true };
}

const statusSchema = z.object({
  desk: z.object({ mode: z.enum(['practice', 'paper', 'live']) }),
  exposure: z.object({ notionalUsdE8: z.number(), ordersInDoubt: z.number() }),
});
const EXIT_NOT_RUNNING = 3;
const STATUS_TIMEOUT_MS = 20_000;

/**
 * The same for a command line, which asks every live engine of this user by `halfspread status`.
 * @param cli dist/engine/cli.mjs
 * @throws HalfspreadError HS_DEPLOY_DESK_UNKNOWN when an engine runs and does not say
 */
export async function askLocalDesk(cli: string, dataFolder: string): Promise<DeskState> {
  for (const folder of await liveFolders(dataFolder)) {
    const state = await askEngine(cli, join(dataFolder, folder));
    if (!state.flat) return state;
  }
  return { flat: true };
}

/** One folder for each set of endpoints and accounts (main/modes). */
async function liveFolders(dataFolder: string): Promise<string[]> {
  try {
    return (await readdir(dataFolder)).filter((name) => name.startsWith('live-'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function askEngine(cli: string, folder: string): Promise<DeskState> {
  const { code, stdout } = await run(cli, ['status', '--json', '--data', folder]);
  if (code === EXIT_NOT_RUNNING) return { flat: true };
  const parsed = statusSchema.safeParse(jsonOf(stdout.trim().split('\n').at(-1) ?? ''));
  if (code === 0 && parsed.success) return deskStateOf(parsed.data);
  throw new HalfspreadError(
    'HS_DEPLOY_DESK_UNKNOWN',
    'A live engine runs on this machine and does not say whether it holds positions.',
    'Look at it (halfspread status), stop it if it is flat, then deploy again.',
  );
}

function run(script: string, args: string[]): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    // eslint-disable-next-line no-restricted-properties -- the command line that asks this runs under plain Node
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: STATUS_TIMEOUT_MS,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout }));
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
