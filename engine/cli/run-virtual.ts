import { createHash } from 'node:crypto';
import { MemoryDisk } from '../simulation/memory-disk.ts';
import { createVirtualPractice } from '../simulation/virtual-practice.ts';
import { assembleDesk } from '../desk/assemble.ts';
import { practiceSource } from '../desk/practice-source.ts';
import { parseVenueSet } from '../desk/venue-set.ts';
import { parseFees } from '../practice/options.ts';
import { createInlineSigner } from '../venues/signer/inline.ts';
import { say } from './output.ts';
import { buildRunReport, type RunReport } from './run-report.ts';
import type { RunPlan } from './run.ts';

/** A virtual run starts a new history: it must not depend on what the disk of this machine holds. */
const DATA_FOLDER = '/virtual';
const PROGRESS_MS = 60_000;

/**
 * The same desk, clients and venues on a virtual clock, until the tape ends (or --for). Journal and event log are kept
 * in memory; the report carries the event log's hash.
 */
export async function runVirtual({ options, bot, risk }: RunPlan): Promise<RunReport> {
  const disk = new MemoryDisk();
  const practice = createVirtualPractice({
    tape: options.tape,
    network: options.network,
    fees: parseFees(options.fees),
    seed: options.seed,
    disk,
  });
  const { env } = practice;
  const venueSet = parseVenueSet(practice.description);
  const source = practiceSource(venueSet);
  const signer = createInlineSigner(source.signerKeys, env.clock);
  let failure: unknown;
  const outcome: { report?: RunReport } = {};
  const stopAtMs = Math.min(options.for ?? Number.POSITIVE_INFINITY, venueSet.tape.durationMs);

  async function trade(): Promise<void> {
    const desk = await assembleDesk({
      env,
      source,
      dataFolder: DATA_FOLDER,
      configPath: options.config,
      bot,
      risk,
      signer,
    });
    await desk.start();
    const startedMs = env.clock.monotonicMs();
    const stopProgress = env.timers.every(PROGRESS_MS, () => {
      const { statistics } = desk.snapshot();
      say(
        `virtual ${(env.clock.monotonicMs() / 1000).toFixed(0)} s of ${(stopAtMs / 1000).toFixed(0)} s: ${statistics.entries} entries, ${statistics.exits} exits`,
      );
    });
    const closeMs = Math.max(0, stopAtMs - (options.for === undefined ? 1_000 : 0) - env.clock.monotonicMs());
    await new Promise<void>((resolve) => env.timers.after(closeMs, resolve));
    stopProgress();
    const durationMs = env.clock.monotonicMs() - startedMs;
    await desk.closeForReport();
    const ledger = await desk.ledger();
    await desk.stop('the run is over');
    outcome.report = buildRunReport(desk.snapshot(), ledger, durationMs, true);
  }
  const trading = trade().catch((error: unknown) => {
    failure = error;
  });
  await practice.run(() => outcome.report !== undefined || failure !== undefined);
  practice.venues.stop();
  await signer.close();
  await trading;
  if (failure !== undefined) throw failure;
  const report = outcome.report!;
  report.eventLogSha256 = createHash('sha256')
    .update(await disk.readText(`${DATA_FOLDER}/events.jsonl`))
    .digest('hex');
  return report;
}
