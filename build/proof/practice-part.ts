import type { RunReport } from '../../engine/cli/run-report.ts';
import { errorMessage } from '../../engine/core/errors.ts';
import type { Part, PartOptions } from './part.ts';
import { createHome, lastJson, startCli, type Home } from './program.ts';

const PRESETS = [
  { network: 'adsl-rural', orderToAckMs: 386 },
  { network: 'vps-near', orderToAckMs: 41 },
] as const;
const TOLERANCE = 0.05;

type Preset = (typeof PRESETS)[number];

export const practicePart: Part = {
  title: 'practice on the real clock and over the whole tape, at both presets',
  async run(options) {
    const faults: string[] = [];
    const figures: Record<string, unknown> = {};
    for (const virtual of [true, false]) {
      for (const preset of PRESETS) {
        options.cancelled.throwIfAborted();
        const name = `${preset.network} ${virtual ? 'whole tape, virtual' : `${options.seconds} s, real time`}`;
        options.say(name);
        try {
          const report = await runOnce(preset, virtual, options);
          faults.push(...faultsOf(report, preset).map((fault) => `${name}: ${fault}`));
          figures[name] = figuresOf(report);
          options.say(`  ${JSON.stringify(figures[name])}`);
        } catch (error) {
          options.cancelled.throwIfAborted();
          // The other runs still say something.
          faults.push(`${name}: ${errorMessage(error)}`);
        }
      }
    }
    return {
      ok: faults.length === 0,
      bounds:
        'One recorded market, with the lines and venues of practice: it shows that orders take the time of their line on each leg ' +
        'and that the journal holds exactly the fills the venues list. It says nothing about other days or other markets; ' +
        'repeating the tape repeats its opportunities.',
      figures,
      faults,
    };
  },
};

async function runOnce({ network }: Preset, virtual: boolean, options: PartOptions): Promise<RunReport> {
  const home: Home = await createHome();
  const how = virtual ? ['--virtual'] : ['--for', `${options.seconds}s`, '--data', home.path('desk')];
  const program = startCli(['run', '--network', network, '--seed', String(options.seed), ...how, '--json'], home);
  const interrupt = (): void => void program.child.kill('SIGINT');
  options.cancelled.addEventListener('abort', interrupt);
  program.child.stderr!.on('data', (text: string) => options.say(`  ${text.trimEnd()}`));
  try {
    const ended = await program.ended;
    options.cancelled.throwIfAborted();
    if (ended.code !== 0 && ended.code !== 4) throw new Error(`run ended with ${ended.code}: ${ended.stderr}`);
    return lastJson(ended) as RunReport;
  } finally {
    options.cancelled.removeEventListener('abort', interrupt);
    await home.remove();
  }
}

function faultsOf(report: RunReport, preset: Preset): string[] {
  const faults: string[] = [];
  for (const venue of ['paradex', 'vest']) {
    const { p50, n } = report.latencyMs[venue]!.orderToAck;
    if (p50 === undefined) faults.push(`${venue}: no order was acknowledged`);
    else if (Math.abs(p50 - preset.orderToAckMs) > TOLERANCE * preset.orderToAckMs) {
      faults.push(`${venue}: order to ack p50 ${p50.toFixed(1)} ms (n = ${n}), preset ${preset.orderToAckMs} ms`);
    }
  }
  const { fills, matched, lost, doubled, differing, invented } = report.ledger;
  if (matched !== fills || lost + doubled + differing + invented > 0) {
    faults.push(`ledger: ${JSON.stringify(report.ledger)}`);
  }
  if (report.trades.entries === 0) faults.push('no trade was entered');
  return faults;
}

function figuresOf({ trades, latencyMs, slippageBps, ledger, remarks }: RunReport): unknown {
  const orderToAckP50Ms = Object.fromEntries(
    Object.entries(latencyMs).map(([venue, { orderToAck }]) => [venue, { p50: orderToAck.p50, n: orderToAck.n }]),
  );
  const { n, mean, median, p95, ci95 } = slippageBps;
  return {
    trades,
    orderToAckP50Ms,
    slippageBps: { n, mean, median, p95, ci95 },
    ledger: { fills: ledger.fills, matched: ledger.matched },
    remarks,
  };
}
