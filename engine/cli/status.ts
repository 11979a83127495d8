import { connectLocally } from '../agent/local-client.ts';
import { readEngineRuntime } from '../agent/runtime-file.ts';
import { HalfspreadError } from '../core/errors.ts';
import { trimE8 } from '../core/units.ts';
import { createNodeEnv } from '../node-env.ts';
import type { Percentiles, Snapshot } from '../protocol/model.ts';
import { printJson } from './output.ts';

/** `halfspread status`: asks the running engine for its snapshot. @throws HS_NOT_RUNNING */
export async function statusCommand(dataFolder: string, json: boolean): Promise<void> {
  const runtime = await readEngineRuntime(dataFolder);
  if (!runtime) {
    throw new HalfspreadError(
      'HS_NOT_RUNNING',
      `No engine is running with the data folder ${dataFolder}.`,
      'Start one with `npm start` or `halfspread run`; --data names another folder.',
    );
  }
  const env = createNodeEnv();
  const client = await connectLocally(runtime, 'view', env);
  try {
    const snapshot = await client.subscribe();
    if (json) printJson(statusOf(snapshot));
    else printForPerson(snapshot);
  } finally {
    client.close();
    await env.close();
  }
}

/** The part of a snapshot a script wants; the whole history is in `trades`. */
function statusOf(snapshot: Snapshot): unknown {
  const { desk, trading, tradingReason, venues, exposure, statistics, largestSpreadBps } = snapshot;
  const { slippageValues: _values, latencyBuckets: _buckets, ...figures } = statistics;
  return { desk, trading, tradingReason, exposure, largestSpreadBps, venues, statistics: figures };
}

function printForPerson(snapshot: Snapshot): void {
  const { desk, statistics, exposure } = snapshot;
  console.log(
    `${desk.deskId}: ${snapshot.trading} (${desk.mode}), ${desk.venueA} / ${desk.venueB}, network ${desk.network}, tape ${desk.tape}`,
  );
  if (snapshot.tradingReason) console.log(`  ${snapshot.tradingReason.message}`);
  console.log(
    `  entries ${statistics.entries}, exits ${statistics.exits}, missed ${statistics.missed}, net ${trimE8(statistics.netE8)} USD`,
  );
  console.log(`  net delta ${trimE8(exposure.netDeltaE8)} ${desk.coin}, orders in doubt ${exposure.ordersInDoubt}`);
  for (const venue of snapshot.venues) {
    const leg = statistics.latency.find((latency) => latency.venue === venue.id);
    console.log(
      `  ${venue.id}: market data ${venue.marketData}, ${venue.canTrade ? 'can trade' : 'cannot trade'}; order to ack ${figures(leg?.orderToAck)}, order to confirm ${figures(leg?.orderToConfirm)}`,
    );
  }
}

function figures(percentiles: Percentiles | undefined): string {
  if (!percentiles || percentiles.n === 0) return 'not measured yet';
  return `p50 ${percentiles.p50?.toFixed(1)} ms, p95 ${percentiles.p95?.toFixed(1)} ms (n = ${percentiles.n})`;
}
