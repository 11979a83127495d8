import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { botOf } from '../config/bot.ts';
import { loadConfig } from '../config/load.ts';
import type { BotConfig, Config } from '../config/schema.ts';
import { HalfspreadError } from '../core/errors.ts';
import { nodeDisk } from '../node/disk.ts';
import { deskFolderName, userFolders } from '../protocol/folders.ts';
import { DEFAULT_NETWORK } from '../practice/links/presets.ts';
import { EXIT, printJson, say } from './output.ts';
import { paperLaunch, runPaper } from './run-paper.ts';
import type { PracticeRunOptions, RunOptions } from './run-options.ts';
import { runReal } from './run-real.ts';
import { runVirtual } from './run-virtual.ts';
import type { RunReport } from './run-report.ts';

const DEFAULT_TAPE = 'btc-usdm-coinm';

export interface RunPlan {
  options: PracticeRunOptions;
  bot?: BotConfig;
  risk?: Config['risk'];
}

/** `halfspread run`. Returns the exit code; the report is the last line of standard output. */
export async function runCommand(options: RunOptions): Promise<number> {
  const report = await reportOf(options);
  if (options.json) printJson(report);
  else printForPerson(report);
  const { lost, doubled, differing, invented } = report.ledger;
  return lost + doubled + differing + invented > 0 ? EXIT.ledgerDiffers : EXIT.ok;
}

async function reportOf(options: RunOptions): Promise<RunReport> {
  const { data } = userFolders(process.platform, process.env, homedir());
  switch (options.mode) {
    case 'practice': {
      refusePaperOptions(options);
      const { network = DEFAULT_NETWORK, tape = DEFAULT_TAPE, fees = 'published' } = options;
      const folder = resolve(options.data ?? join(data, 'practice'));
      const plan: RunPlan = {
        options: { ...options, network, tape, fees, data: folder },
        ...(await configOf(options)),
      };
      return options.virtual ? runVirtual(plan) : runReal(plan);
    }
    case 'paper': {
      const launch = await paperLaunch(options);
      const folder = resolve(options.data ?? join(data, deskFolderName(launch)));
      return runPaper(launch, { ...options, data: folder });
    }
    case 'live':
      throw new HalfspreadError(
        'HS_BAD_MODE',
        'Live trading is not started from the command line: its keys lie in the system keychain, and arming it must be confirmed by a person at the window.',
        'Start it in the Halfspread window; halfspread status and halfspread trades --data FOLDER then show it here.',
      );
    default:
      throw new HalfspreadError(
        'HS_BAD_MODE',
        `There is no mode "${options.mode}".`,
        'Use --mode practice or --mode paper.',
      );
  }
}

function refusePaperOptions({ paradexRest, paradexWs, vestRest, vestWs, venueMs }: RunOptions): void {
  const given = [paradexRest, paradexWs, vestRest, vestWs, venueMs].some((value) => value !== undefined);
  if (!given) return;
  throw new HalfspreadError(
    'HS_BAD_OPTION',
    'Addresses of venues and --venue-ms belong to paper: practice has its own venues.',
    'Leave them out, or use --mode paper.',
  );
}

async function configOf(options: RunOptions): Promise<{ bot?: BotConfig; risk?: Config['risk'] }> {
  if (options.config === undefined) return {};
  const config = await loadConfig(nodeDisk, options.config).catch((cause: unknown) => {
    if (!(cause instanceof HalfspreadError) || cause.code !== 'HS_DISK') throw cause;
    throw new HalfspreadError('HS_CONFIG_UNREADABLE', cause.message, 'Check the path given with --config.', { cause });
  });
  return { bot: botOf(config, options.config, options.bot), risk: config.risk };
}

function printForPerson(report: RunReport): void {
  const { trades, slippageBps, latencyMs, ledger } = report;
  console.log(
    `${report.mode}, ${report.mode === 'practice' ? `tape ${report.tape}, ` : ''}network ${report.network}, ${(report.durationMs / 1000).toFixed(0)} s${report.virtual ? ' of virtual time' : ''}`,
  );
  console.log(`  trades: ${trades.entries} entries, ${trades.exits} exits, ${trades.missed} missed`);
  for (const [venue, leg] of Object.entries(latencyMs)) {
    const { orderToAck, orderToConfirm } = leg;
    console.log(
      `  ${venue}: order to ack p50 ${figure(orderToAck.p50)} p95 ${figure(orderToAck.p95)} ms, order to confirm p50 ${figure(orderToConfirm.p50)} p95 ${figure(orderToConfirm.p95)} ms (n = ${orderToConfirm.n})`,
    );
  }
  const interval = slippageBps.ci95
    ? `, 95 % of the mean ${slippageBps.ci95[0].toFixed(2)} to ${slippageBps.ci95[1].toFixed(2)}`
    : '';
  console.log(
    slippageBps.n === 0
      ? '  slippage: no episode filled on both legs'
      : `  slippage: mean ${figure(slippageBps.mean)}, median ${figure(slippageBps.median)}, p95 ${figure(slippageBps.p95)} bps (n = ${slippageBps.n}${interval})`,
  );
  console.log(`  gross ${report.resultUsd.gross}, fees ${report.resultUsd.fees}, net ${report.resultUsd.net} USD`);
  console.log(
    `  ledger: ${ledger.fills} fills ${report.mode === 'paper' ? 'in the paper accounts' : 'at the venues'}, ${ledger.matched} equal in the journal, ${ledger.lost} lost, ${ledger.doubled} doubled`,
  );
  for (const fault of ledger.faults) say(`  LEDGER: ${fault}`);
  for (const remark of report.remarks) say(`  ${remark}`);
}

function figure(value: number | undefined): string {
  return value === undefined ? '(not measured)' : value.toFixed(2);
}
