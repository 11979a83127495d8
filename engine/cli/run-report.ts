import { trimE8 } from '../core/units.ts';
import type { LedgerComparison } from '../measure/ledger.ts';
import type { Distribution, Percentiles, Snapshot } from '../protocol/model.ts';

/** The last line of `halfspread run --json`. Durations in ms, slippage in bps, money in USD as decimal strings. */
export interface RunReport {
  mode: string;
  virtual: boolean;
  network: string;
  tape: string;
  fees: string;
  durationMs: number;
  config: { deskId: string; spreadEntryBps: number; spreadExitBps: number; size: string };
  trades: { entries: number; exits: number; missed: number; unwound: number };
  latencyMs: Record<string, Record<'orderToAck' | 'orderToConfirm' | 'signalToOrder' | 'sign', Percentiles>>;
  slippageBps: Distribution;
  resultUsd: { gross: string; fees: string; net: string };
  largestSpreadBps: number | undefined;
  ledger: LedgerComparison;
  /** SHA-256 of the operator's event log, virtual runs only: the same run gives the same. */
  eventLogSha256?: string;
  /** How late the practice venues themselves were, real runs only. */
  venuesLateness?: unknown;
  dataFolder: string;
  /** What a reader must know, in words. */
  remarks: string[];
}

/** @param durationMs how long the desk traded */
export function buildRunReport(
  snapshot: Snapshot,
  ledger: LedgerComparison,
  durationMs: number,
  virtual: boolean,
): RunReport {
  const { desk, statistics, largestSpreadBps } = snapshot;
  return {
    mode: desk.mode,
    virtual,
    network: desk.network,
    tape: desk.tape,
    fees: desk.fees.kind,
    durationMs: Math.round(durationMs),
    config: {
      deskId: desk.deskId,
      spreadEntryBps: desk.spreadEntryBps,
      spreadExitBps: desk.spreadExitBps,
      size: trimE8(desk.sizeE8),
    },
    trades: {
      entries: statistics.entries,
      exits: statistics.exits,
      missed: statistics.missed,
      unwound: statistics.unwound,
    },
    latencyMs: Object.fromEntries(
      statistics.latency.map(({ venue, orderToAck, orderToConfirm, signalToOrder, sign }) => [
        venue,
        { orderToAck, orderToConfirm, signalToOrder, sign },
      ]),
    ),
    slippageBps: statistics.slippage,
    resultUsd: { gross: trimE8(statistics.grossE8), fees: trimE8(statistics.feesE8), net: trimE8(statistics.netE8) },
    largestSpreadBps,
    ledger,
    dataFolder: desk.dataFolder,
    remarks: remarksOn(snapshot),
  };
}

function remarksOn(snapshot: Snapshot): string[] {
  const { desk, statistics, largestSpreadBps, notices } = snapshot;
  const remarks: string[] = [];
  if (desk.mode === 'paper') {
    remarks.push(
      "Paper: no order was sent. Fills are simulated on the venues' live books with measured round trips and an assumed venue time; only live orders show what a venue really does.",
    );
  }
  if (statistics.entries === 0 && statistics.missed === 0 && largestSpreadBps !== undefined) {
    remarks.push(
      `No signal: largest spread seen ${percent(largestSpreadBps)}, entry at ${percent(desk.spreadEntryBps)} (spread_entry).`,
    );
  }
  if (largestSpreadBps !== undefined && desk.fees.roundTripBps > largestSpreadBps) {
    remarks.push(
      `Fees of a round trip (${desk.fees.roundTripBps.toFixed(1)} bps, ${desk.fees.kind}) exceed the largest spread seen (${largestSpreadBps.toFixed(2)} bps): no threshold pays on this tape with these fees.`,
    );
  }
  for (const notice of notices.filter((one) => one.level !== 'info').slice(0, 5))
    remarks.push(`${notice.code}: ${notice.message}`);
  return remarks;
}

/** Percent as in the config; small ones with a digit more, so that a miss by a hair does not read as equal. */
function percent(bps: number): string {
  return `${(bps / 100).toFixed(bps < 10 ? 4 : 3)} %`;
}
