import { z } from 'zod';
import { buildHistory } from '../../journal/history.ts';
import { readRecords } from '../../journal/journal.ts';
import { nodeDisk } from '../../node/disk.ts';
import { deskInfoSchema, SNAPSHOT_LIMITS, type DeskInfo, type Snapshot, type Trade } from '../../protocol/model.ts';
import { isOpen } from '../../protocol/reading.ts';
import { readStateFile, writeStateFile } from '../trust/state-file.ts';
import type { StateFolder } from './state-folder.ts';

const lastDeskSchema = z.strictObject({ version: z.literal(1), desk: deskInfoSchema });

/** What the agent last ran, for what it shows while it is locked. Holds no secret. */
export function writeLastDesk(folder: StateFolder, desk: DeskInfo): Promise<void> {
  return writeStateFile(folder.lastDesk, lastDeskSchema, { version: 1, desk });
}

/** @throws HalfspreadError HS_STATE_FILE */
export async function readLastDesk(folder: StateFolder): Promise<DeskInfo | undefined> {
  return (await readStateFile(folder.lastDesk, lastDeskSchema))?.desk;
}

/** Trades of the journal in a data folder, newest first. @throws HalfspreadError HS_JOURNAL_CORRUPT, HS_DISK */
export async function tradesOfJournal(dataFolder: string): Promise<Trade[]> {
  const { trades } = buildHistory(await readRecords(nodeDisk, dataFolder));
  return [...trades.values()].sort((a, b) => b.id - a.id);
}

/** The trades no journal of this agent has as closed. */
export async function openTradesOfJournals(folder: StateFolder): Promise<Trade[]> {
  if ((await nodeDisk.sizeOf(folder.data)) === undefined) return [];
  const open: Trade[] = [];
  for (const name of await nodeDisk.list(folder.data)) {
    open.push(...(await tradesOfJournal(`${folder.data}/${name}`)).filter(isOpen));
  }
  return open;
}

/** The state of an agent without keys: its last desk and trades as far as it had any, nothing measured. */
export function lockedSnapshot(options: {
  engineVersion: string;
  bootId: string;
  nowAt: number;
  sequence: number;
  lastDesk: DeskInfo | undefined;
  trades: Trade[];
  reason: { code: string; message: string };
}): Snapshot {
  const { engineVersion, bootId, nowAt, sequence, lastDesk, trades, reason } = options;
  const none = { n: 0 };
  return {
    sequence,
    at: nowAt,
    desk: { ...(lastDesk ?? NO_DESK), engineVersion, bootId, startedAt: nowAt },
    trading: 'locked',
    tradingReason: reason,
    venues: [],
    spread: [],
    exposure: {
      netDeltaE8: 0,
      maxNetDeltaE8: 0,
      notionalUsdE8: 0,
      maxNotionalUsdE8: 0,
      maxUnhedgedMs: 0,
      dayLossE8: 0,
      maxDayLossE8: 0,
      ordersInDoubt: 0,
    },
    trades: trades.slice(0, SNAPSHOT_LIMITS.trades),
    missed: [],
    statistics: {
      entries: 0,
      exits: 0,
      missed: 0,
      unwound: 0,
      grossE8: 0,
      feesE8: 0,
      netE8: 0,
      slippage: none,
      slippageByLeg: [],
      slippageEntry: none,
      slippageExit: none,
      slippageValues: [],
      latency: [],
      latencyBuckets: [],
      detectionToSignal: none,
      loopDelay: none,
    },
    notices: [],
  };
}

/** An agent that never ran a desk. */
const NO_DESK: DeskInfo = {
  engineVersion: '',
  bootId: '',
  mode: 'practice',
  deskId: '',
  coin: '–',
  venueA: '–',
  venueB: '–',
  spreadEntryBps: 0,
  spreadExitBps: 0,
  sizeE8: 0,
  leverage: 1,
  network: '',
  tape: '',
  fees: { kind: 'published', roundTripBps: 0 },
  orderClass: 'pro',
  startedAt: 0,
  dataFolder: '',
};
