import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'undici';
import { lockDataFolder } from '../agent/folder-lock.ts';
import { assembleDesk } from '../desk/assemble.ts';
import { practiceSource } from '../desk/practice-source.ts';
import { parseVenueSet, type VenueSet } from '../desk/venue-set.ts';
import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import { createNodeEnv } from '../node-env.ts';
import { startRefusedSchema } from '../protocol/launch.ts';
import type { SignerPort } from '../venues/signer/port.ts';
import { createWorkerSigner } from '../venues/signer/worker-signer.ts';
import { endOfRun, reportProgress } from './end-of-run.ts';
import { startAgentForCli } from './run-agent.ts';
import { buildRunReport, type RunReport } from './run-report.ts';
import type { RunPlan } from './run.ts';
import { selfCommand } from './self.ts';

const VENUES_READY_TIMEOUT_MS = 30_000;

/** Starts the practice venues as a process of their own, trades until --for has passed or Ctrl-C, closes, compares ledgers. */
export async function runReal(plan: RunPlan): Promise<RunReport> {
  const lock = await lockDataFolder(plan.options.data);
  try {
    const venues = await startVenues(plan.options);
    try {
      return await runOn(venues, plan);
    } finally {
      await stopVenues(venues.process);
    }
  } finally {
    await lock.release();
  }
}

async function runOn(venues: RunningVenues, plan: RunPlan): Promise<RunReport> {
  const signer = await createWorkerSigner(practiceSource(venues.set).signerKeys);
  const env = createNodeEnv();
  try {
    return await trade(plan, venues, env, signer);
  } finally {
    await Promise.all([env.close(), signer.close()]);
  }
}

async function trade(
  { options, bot, risk }: RunPlan,
  venues: RunningVenues,
  env: Env,
  signer: SignerPort,
): Promise<RunReport> {
  const desk = await assembleDesk({
    env,
    source: practiceSource(venues.set),
    dataFolder: options.data,
    configPath: options.config,
    bot,
    risk,
    signer,
  });
  await desk.start();
  const agent = await startAgentForCli(desk, env, options.data);
  const startedMs = env.clock.monotonicMs();
  const stopProgress = reportProgress(desk, env, options.for);
  const venuesGone = once(venues.process, 'exit').then(() => 'the practice venues ended');
  const reason = await endOfRun(env, options.for, [venuesGone]);
  stopProgress();
  const durationMs = env.clock.monotonicMs() - startedMs;
  await desk.closeForReport();
  const ledger = await desk.ledger();
  const lateness = await latenessOf(venues.set);
  await agent.stop();
  await desk.stop(reason);
  const report = buildRunReport(desk.snapshot(), ledger, durationMs, false);
  report.venuesLateness = lateness;
  if (lateness !== undefined && exceedsBar(lateness)) {
    report.remarks.push(
      'The practice venues themselves were late in this run (p99 above 5 ms): this machine was too busy for figures exact to the millisecond.',
    );
  }
  return report;
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
  const self = selfCommand();
  const child = spawn(self.program, [...self.args, ...args], {
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
