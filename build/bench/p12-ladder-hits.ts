import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { meets, significant, type Bench } from './bar.ts';
import { CLI } from './practice-venues.ts';

const BAR = 0.95;
const FULL_ROUNDS = 30;
const SHORT_RUN = ['--for', '40s'];

interface VirtualRun {
  tape: string;
  network: string;
  latencyMs: Record<string, { sign: { n: number }; orderToAck: { n: number } }>;
}

/** P12: share of orders served by the ladders over the recorded tape. In virtual time, so a signature takes no time. */
export const benchLadderHits: Bench = async ({ rounds }) => {
  const short = rounds < FULL_ROUNDS;
  const args = ['run', '--virtual', '--network', 'adsl-rural', ...(short ? SHORT_RUN : []), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: 64 * 1024 * 1024 });
  const run = JSON.parse(stdout.trim().split('\n').at(-1)!) as VirtualRun;
  const legs: Record<string, { orders: number; signedAtSignal: number }> = {};
  let orders = 0;
  let misses = 0;
  for (const [venue, { sign, orderToAck }] of Object.entries(run.latencyMs)) {
    legs[venue] = { orders: orderToAck.n, signedAtSignal: sign.n };
    orders += orderToAck.n;
    misses += sign.n;
  }
  const value = orders === 0 ? 0 : significant(1 - misses / orders);
  return {
    title: 'ladder hit rate on the tape',
    ok: meets('atLeast', value, BAR),
    value,
    bar: BAR,
    need: 'atLeast',
    unit: 'of orders',
    rounds: orders,
    warmUpRounds: 0,
    measured: `the whole desk in virtual time over ${short ? 'the first 40 s of ' : ''}${run.tape} at ${run.network}`,
    more: legs,
  };
};
