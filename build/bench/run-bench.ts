import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ToolchainError } from '../toolchain.mjs';
import type { BarResult, Bench, Side } from './bar.ts';
import { benchParadexOrder } from './p1-paradex-order.ts';
import { benchLadderHits } from './p12-ladder-hits.ts';
import { benchSignedAhead } from './p2-signed-ahead.ts';
import { benchVestOrder } from './p3-vest-order.ts';
import { benchBboDecode } from './p4-bbo-decode.ts';
import { benchOrdinaryFrame } from './p5-ordinary-frame.ts';
import { benchDetection } from './p9-detection.ts';
import { ensurePeers } from './peers.ts';

const BENCHES: Record<string, Bench> = {
  P1: benchParadexOrder,
  P2: benchSignedAhead,
  P3: benchVestOrder,
  P4: benchBboDecode,
  P5: benchOrdinaryFrame,
  P9: benchDetection,
  P12: benchLadderHits,
};
const DEFAULT_ROUNDS = 40;

const HELP = `npm run bench -- [options]     the bars of docs/performance.md against their peers, in one run

  --json         the last line of standard output is one JSON object, {"P1":{"ok","value","bar",...},...}
  --only P1,P4   only these (${Object.keys(BENCHES).join(', ')})
  --rounds N     rounds of each side (default ${DEFAULT_ROUNDS}; under 30 the figures prove nothing)
  --strict       exit code 1 when a bar is missed`;

type Reported = BarResult & { engine: 'sources'; machine: Machine };

interface Machine {
  cpu: string;
  cores: number;
  node: string;
  loadAverage: number;
}

/** Runs what was asked for and prints it. Resolves with the exit code. @throws ToolchainError on a wrong option */
export async function runBench(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  ensurePeers();
  const results: Record<string, Reported> = {};
  for (const name of options.names) {
    process.stderr.write(`${name} ...\n`);
    const result = await BENCHES[name]!({ rounds: options.rounds });
    results[name] = { ...result, engine: 'sources', machine: machine() };
  }
  printTable(results, options.rounds);
  if (options.json) console.log(JSON.stringify(results));
  const missed = Object.values(results).some(({ ok }) => !ok);
  return options.strict && missed ? 1 : 0;
}

function parseOptions(args: string[]): {
  names: string[];
  rounds: number;
  json: boolean;
  strict: boolean;
  help: boolean;
} {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        json: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        only: { type: 'string' },
        rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
      },
    }));
  } catch (error) {
    throw new ToolchainError(error instanceof Error ? error.message : String(error), HELP);
  }
  const { json, strict, help, only, rounds } = values;
  const names = only === undefined ? Object.keys(BENCHES) : only.split(',').map((name) => name.trim().toUpperCase());
  const unknown = names.find((name) => !BENCHES[name]);
  if (unknown !== undefined) throw new ToolchainError(`There is no bench "${unknown}".`, HELP);
  if (!/^[1-9]\d{0,3}$/.test(rounds))
    throw new ToolchainError(`--rounds ${rounds} is not a number from 1 to 9999.`, HELP);
  return { names, rounds: Number(rounds), json, strict, help };
}

function machine(): Machine {
  const cores = cpus();
  const cpu = cores[0]?.model.trim() ?? 'unknown';
  return { cpu, cores: cores.length, node: process.version, loadAverage: Math.round(loadavg()[0]! * 10) / 10 };
}

function printTable(results: Record<string, Reported>, rounds: number): void {
  const { cpu, cores, node, loadAverage } = machine();
  const rows = Object.entries(results).map(([name, result]) => [
    name,
    result.title,
    `${result.value} ${result.unit}`,
    `${result.need === 'atLeast' ? '>=' : '<='} ${result.bar}`,
    result.ok ? 'ok' : 'MISSED',
    figure(result.ours, result.timeUnit),
    figure(result.peer, result.timeUnit),
    String(result.ours?.n ?? result.rounds),
  ]);
  const table = [['', 'what', 'value', 'bar', '', 'ours p50', 'peer p50', 'n'], ...rows];
  const widths = table[0]!.map((_cell, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  for (const [name, { measured, warmUpRounds, ours, peer }] of Object.entries(results)) {
    console.log(`\n${name}: ${measured}; ${warmUpRounds} rounds of warm-up before.`);
    for (const one of [ours, peer]) if (one) console.log(`    ${one === ours ? 'ours' : 'peer'}: ${one.what}`);
  }
  console.log(
    `\n${rounds} rounds, both sides in turns; ${cores} x ${cpu}, Node ${node}, load ${loadAverage}, engine from its sources.`,
  );
}

function figure(side: Side | undefined, unit: string | undefined): string {
  return side ? `${side.p50} ${unit}` : '-';
}
