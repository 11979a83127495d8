import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Distribution } from '../../engine/protocol/model.ts';
import type { PlaceFigures } from '../../main/ipc/place-schema.ts';
import { createLab, noSshd, type Lab } from '../e2e/deploy-lab.ts';
import { startHalfspread } from '../e2e/halfspread-window.ts';
import { connectAsWindow, type WindowCalls } from '../e2e/window-calls.ts';
import type { Part, PartOptions } from './part.ts';
import { until } from './until.ts';

const TIMEOUT_MS = 90_000;
/** The presets: order to acknowledgement at `adsl-rural` and at `vps-near`. */
const EXPECTED_MS = { here: 386, there: 41 };

export const placePart: Part = {
  title: 'before and after: the desk here at adsl-rural, then on a deployed agent at vps-near, on the same venues',
  async run(options) {
    if (noSshd !== undefined) {
      return { ok: true, bounds: `Skipped: ${noSshd}.`, figures: { skipped: noSshd }, faults: [] };
    }
    const lab = await createLab();
    try {
      return await moveAndMeasure(lab, options);
    } finally {
      await lab.stop();
    }
  },
};

/** Through the program as it is started by `npm start`, by the calls its window makes. */
async function moveAndMeasure(lab: Lab, { seconds, say, cancelled }: PartOptions) {
  const faults: string[] = [];
  const config = join(lab.home, 'config');
  await mkdir(config, { recursive: true, mode: 0o700 });
  await writeFile(join(config, 'keys.json'), JSON.stringify({ version: 1, storage: 'session', keys: [] }));
  const app = await startHalfspread(lab.home);
  const window = await connectAsWindow(lab.home);
  try {
    const { tapes } = (await window.call('app.open', {})).app.practice;
    await window.call('practice.choose', { tape: tapes[0]!.id, network: 'adsl-rural', fees: 'zero' });
    await window.call('sites.deploy', lab.request);
    await until('the deployed agent', TIMEOUT_MS, async () => {
      const link = (await window.call('app.open', {})).sites?.links[0];
      return link?.link.state === 'ready' || undefined;
    });
    say(`trading here for ${seconds} s`);
    await trade(window, undefined, seconds, cancelled);
    const { venues } = (await window.call('app.open', {})).app;
    const startedMs = performance.now();
    await window.call('place.move', { site: 'lab' });
    await trading(window, 'lab');
    const moveMs = Math.round(performance.now() - startedMs);
    say(`moved in ${moveMs} ms; trading there for ${seconds} s`);
    await trade(window, 'lab', seconds, cancelled);
    const { app: shown, sites } = await window.call('app.open', {});
    if (shown.venues.pid !== venues.pid) faults.push('the venues were started anew between the two');
    const of = (site: string | undefined) => sites?.figures.find((one) => one.site === site);
    const [here, there] = [of(undefined), of('lab')];
    if (!here || !there) return { ok: false, bounds: '', figures: {}, faults: ['one place has no figures'] };
    for (const [figures, expectedMs] of [
      [here, EXPECTED_MS.here],
      [there, EXPECTED_MS.there],
    ] as const) {
      say(`${figures.line}: order_to_ack ${words(figures.orderToAck)} ms, slippage ${words(figures.slippage)} bps`);
      const { median = 0 } = figures.orderToAck;
      if (Math.abs(median - expectedMs) > 0.15 * expectedMs + 10) {
        faults.push(`order_to_ack at ${figures.line} is ${median.toFixed(1)} ms, not about ${expectedMs}`);
      }
    }
    if (!isBelow(there.orderToAck, here.orderToAck)) faults.push('order_to_ack there is not shown to be shorter');
    const figures = { moveMs, here: brief(here), there: brief(there) };
    return { ok: faults.length === 0, bounds: BOUNDS, figures, faults };
  } finally {
    window.close();
    await app.stop();
  }
}

/** Until its engine at this place trades. */
function trading(window: WindowCalls, site: string | undefined): Promise<true> {
  return until('trading', TIMEOUT_MS, async () => {
    const { app, snapshot } = await window.call('app.open', {});
    return (app.place.site === site && snapshot?.trading === 'trading') || undefined;
  });
}

async function trade(
  window: WindowCalls,
  site: string | undefined,
  seconds: number,
  cancelled: AbortSignal,
): Promise<void> {
  await trading(window, site);
  await delay(seconds * 1000, undefined, { signal: cancelled });
}

function isBelow(a: Distribution, b: Distribution): boolean {
  return a.ci95 !== undefined && b.ci95 !== undefined && a.ci95[1] < b.ci95[0];
}

function words({ n, mean = 0, median = 0, ci95 }: Distribution): string {
  return `mean ${mean.toFixed(2)} (${ci95?.map((end) => end.toFixed(2)).join(' to ') ?? 'no interval'}), median ${median.toFixed(2)}, n = ${n}`;
}

function brief({ line, orderToAck, slippage }: PlaceFigures) {
  return { line, orderToAckMs: orderToAck, slippageBps: slippage };
}

const BOUNDS =
  'Both engines and the venues are on this machine: the lines between them are imitated, on one recorded market. The agent ' +
  'reaches the venues through a tunnel in SSH, whose cost is in its figures. Each episode counts its slower leg.';
