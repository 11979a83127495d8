import type { RunCommandOptions } from '../cli.ts';
import { botOf } from '../config/bot.ts';
import { loadConfig } from '../config/load.ts';
import type { BotConfig, Config } from '../config/schema.ts';
import { HalfspreadError } from '../core/errors.ts';
import { nodeDisk } from '../node/disk.ts';
import { EXIT, printJson, say } from './output.ts';
import { runReal } from './run-real.ts';
import { runVirtual } from './run-virtual.ts';
import type { RunReport } from './run-report.ts';

export interface RunPlan {
  options: RunCommandOptions;
  bot?: BotConfig;
  risk?: Config['risk'];
}

/** `halfspread run`. Returns the exit code; the report is the last line of standard output. */
export async function runCommand(options: RunCommandOptions): Promise<number> {
  if (options.mode !== 'practice') {
    throw new HalfspreadError(
      'HS_BAD_MODE',
      `Mode "${options.mode}" cannot run: this version has practice only.`,
      'Use --mode practice; paper and live come with a later version.',
    );
  }
  const plan: RunPlan = { options, ...(await configOf(options)) };
  const report = options.virtual ? await runVirtual(plan) : await runReal(plan);
  if (options.json) printJson(report);
  else printForPerson(report);
  const { lost, doubled, differing, invented } = report.ledger;
  return lost + doubled + differing + invented > 0 ? EXIT.ledgerDiffers : EXIT.ok;
}

async function configOf(options: RunCommandOptions): Promise<{ bot?: BotConfig; risk?: Config['risk'] }> {
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
    `${report.mode}, tape ${report.tape}, network ${report.network}, ${(report.durationMs / 1000).toFixed(0)} s${report.virtual ? ' of virtual time' : ''}`,
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
    `  ledger: ${ledger.fills} fills at the venues, ${ledger.matched} equal in the journal, ${ledger.lost} lost, ${ledger.doubled} doubled`,
  );
  for (const fault of ledger.faults) say(`  LEDGER: ${fault}`);
  for (const remark of report.remarks) say(`  ${remark}`);
}

function figure(value: number | undefined): string {
  return value === undefined ? '(not measured)' : value.toFixed(2);
}
