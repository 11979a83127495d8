import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'undici';
import { startAgentForCli } from './run-agent.ts';
import { assembleDesk, signerKeysOf } from '../desk/assemble.ts';
import { parseVenueSet, type VenueSet } from '../desk/venue-set.ts';
import { HalfspreadError } from '../core/errors.ts';
import { createNodeEnv } from '../node-env.ts';
import { startRefusedSchema } from '../protocol/launch.ts';
import { createWorkerSigner } from '../venues/signer/worker-signer.ts';
import { say } from './output.ts';
import { buildRunReport, type RunReport } from './run-report.ts';
import type { RunPlan } from './run.ts';

const VENUES_READY_TIMEOUT_MS = 30_000;
const PROGRESS_MS = 10_000;

/** Starts the practice venues as a process of their own, trades until --for has passed or Ctrl-C, closes, compares ledgers. */
export async function runReal({ options, bot, risk }: RunPlan): Promise<RunReport> {
  const venues = await startVenues(options);
  const env = createNodeEnv();
  try {
    const signer = await createWorkerSigner(signerKeysOf(venues.set));
    const desk = await assembleDesk({
      env,
      venueSet: venues.set,
      mode: 'practice',
      dataFolder: options.data,
      configPath: options.config,
      bot,
      risk,
      signer,
    });
    await desk.start();
    const agent = await startAgentForCli(desk, env, options.data);
    const startedMs = env.clock.monotonicMs();
    const ended = Promise.withResolvers<string>();
    const interrupt = (): void => ended.resolve('interrupted');
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    venues.process.on('exit', () => ended.resolve('the practice venues ended'));
    if (options.for !== undefined) env.timers.after(options.for, () => ended.resolve('the run is over'));
    const stopProgress = env.timers.every(PROGRESS_MS, () => {
      const { statistics, largestSpreadBps, trading } = desk.snapshot();
      const total = options.for === undefined ? '' : ` of ${(options.for / 1000).toFixed(0)} s`;
      say(
        `${((env.clock.monotonicMs() - startedMs) / 1000).toFixed(0)} s${total}: ${trading}, ${statistics.entries} entries, ${statistics.exits} exits, largest spread ${largestSpreadBps?.toFixed(2) ?? '?'} bps`,
      );
    });
    const reason = await ended.promise;
    stopProgress();
    const durationMs = env.clock.monotonicMs() - startedMs;
    await desk.closeForReport();
    const ledger = await desk.ledger();
    const lateness = await latenessOf(venues.set);
    await agent.stop();
    await desk.stop(reason);
    await signer.close();
    const report = buildRunReport(desk.snapshot(), ledger, durationMs, false);
    report.venuesLateness = lateness;
    if (lateness !== undefined && exceedsBar(lateness)) {
      report.remarks.push(
        'The practice venues themselves were late in this run (p99 above 5 ms): this machine was too busy for figures exact to the millisecond.',
      );
    }
    return report;
  } finally {
    await env.close();
    await stopVenues(venues.process);
  }
}

interface RunningVenues {
  process: ChildProcess;
  set: VenueSet;
}

/** The venues are a process of their own, so that their ledger outlives whatever happens to this one. */
async function startVenues(options: RunPlan['options']): Promise<RunningVenues> {
  const args = [
    'practice',
    'serve',
    '--json',
    '--exit-with-parent',
    '--tape',
    options.tape,
    '--network',
    options.network,
  ];
  args.push('--fees', options.fees, '--seed', String(options.seed));
  const child = spawn(process.execPath, [process.argv[1]!, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: process.platform !== 'win32',
  });
  const line = Promise.withResolvers<string>();
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end >= 0) line.resolve(text.slice(0, end));
  });
  child.on('error', (error) => line.reject(error));
  child.on('exit', (code) =>
    line.reject(
      new HalfspreadError(
        'HS_VENUES_FAILED',
        `The practice venues ended with ${code} before they were ready.`,
        'See the lines above.',
      ),
    ),
  );
  const timer = setTimeout(() => {
    line.reject(
      new HalfspreadError(
        'HS_VENUES_TIMEOUT',
        `The practice venues were not ready within ${VENUES_READY_TIMEOUT_MS / 1000} s.`,
        'Is the machine very busy? Try again.',
      ),
    );
  }, VENUES_READY_TIMEOUT_MS);
  try {
    const ready: unknown = JSON.parse(await line.promise);
    const refused = startRefusedSchema.or(startRefusedSchema.pick({ error: true })).safeParse(ready);
    if (refused.success)
      throw new HalfspreadError(
        refused.data.error.code as `HS_${string}`,
        refused.data.error.message,
        refused.data.error.remedy,
      );
    return { process: child, set: parseVenueSet(ready) };
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function stopVenues(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function latenessOf(set: VenueSet): Promise<unknown> {
  if (set.statusUrl === undefined) return undefined;
  const answer = await request(set.statusUrl, { headersTimeout: 5_000 });
  return answer.body.json();
}

function exceedsBar(status: unknown): boolean {
  return JSON.stringify(status).includes('"exceedsBar":true');
}
