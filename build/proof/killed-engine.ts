import { setTimeout as wait } from 'node:timers/promises';
import { newSigningKey } from '../../engine/agent/keys.ts';
import { readRecords } from '../../engine/journal/journal.ts';
import type { JournalRecord } from '../../engine/journal/record.ts';
import { compareLedger, type LedgerComparison, type LedgerFill } from '../../engine/measure/ledger.ts';
import { nodeDisk } from '../../engine/node/disk.ts';
import { seededRandom } from '../../engine/practice/timing/seeded-random.ts';
import type { Launch } from '../../engine/protocol/launch.ts';
import { askVenues, startVenues } from './practice-venues.ts';
import { ENGINE, startProgram, type Home, type Program } from './program.ts';

/** The default tape’s touch spread is above this most of the time: a trade every second or two. */
const EAGER_ENTRY_BPS = 0.6;
const EAGER_EXIT_BPS = -1.4;
const LOOK_EVERY_MS = 2;
const INTENT_TIMEOUT_MS = 60_000;
/** One round in so many dies while it starts and recovers, the others after they sent an order. */
const KILL_WHILE_STARTING_EVERY = 5;
const START_KILL_WITHIN_MS = 900;
/** vps-near: an order's acknowledgement comes after 41 ms; later moments find the trade open or closing. */
const ORDER_KILL_WITHIN_MS = 120;

export interface KilledEngineReport {
  kills: number;
  /** State of the youngest trade in the journal at each kill: how far the rounds reached into a trade's life. */
  killedIn: Record<string, number>;
  /** Orders whose intent the journal has. */
  orders: number;
  trades: number;
  tornTails: number;
  /** The venues' own fills against all runs of the journal. */
  ledger: LedgerComparison;
  /** Order ids that were given to more than one order. */
  reusedOrderIds: number[];
  /** What each venue holds at the end against the sum of the journal's fills, in 1e-8 coins. */
  positionsE8: Record<string, { venue: number; journal: number }>;
  /** Problems the engines themselves reported as errors. */
  errors: string[];
}

export interface KilledEngineOptions {
  home: Home;
  kills: number;
  seed: number;
  say(text: string): void;
  cancelled?: AbortSignal;
}

/**
 * Trades on practice venues, kills the engine (SIGKILL) at seeded moments, starts it again on the same venues and data
 * folder, and in the end holds the venues' own records against everything all runs wrote.
 */
export async function killEngineRepeatedly(options: KilledEngineOptions): Promise<KilledEngineReport> {
  const { home, kills, seed, say, cancelled } = options;
  const random = seededRandom(seed);
  const venues = await startVenues(home, ['--network', 'vps-near', '--fees', 'zero', '--seed', String(seed)]);
  const killedIn: Record<string, number> = {};
  const errors: string[] = [];
  let tornTails = 0;
  const { description } = venues;
  const eager = { ...description, tape: { ...description.tape, entryBps: EAGER_ENTRY_BPS, exitBps: EAGER_EXIT_BPS } };
  const dataFolder = home.path('data');
  try {
    for (let round = 1; round <= kills; round++) {
      cancelled?.throwIfAborted();
      const engine = startEngine(home, dataFolder, eager);
      if (round % KILL_WHILE_STARTING_EVERY === 0) {
        await wait(random() * START_KILL_WITHIN_MS);
      } else {
        const known = await countIntents(dataFolder);
        await engine.nextLine();
        await waitForIntentAfter(dataFolder, known, engine);
        await wait(random() * ORDER_KILL_WITHIN_MS);
      }
      engine.child.kill('SIGKILL');
      const { stderr } = await engine.ended;
      errors.push(...errorLines(stderr));
      if (stderr.includes('HS_JOURNAL_TORN')) tornTails++;
      const state = youngestTradeState(await readRecords(nodeDisk, dataFolder));
      killedIn[state] = (killedIn[state] ?? 0) + 1;
      say(`kill ${round} of ${kills}: trade ${state}`);
    }
    await finish(startEngine(home, dataFolder, eager), errors);
    return { ...(await compare(dataFolder, description)), kills, killedIn, tornTails, errors };
  } finally {
    await venues.stop();
  }
}

function startEngine(home: Home, dataFolder: string, venues: unknown): Program {
  const launch: Launch = {
    cookie: Buffer.alloc(32, 7).toString('base64'),
    devicePublicKey: newSigningKey().publicKey,
    desk: { mode: 'practice', venues },
    options: { dataFolder, pipePath: home.path('run', 'engine.sock') },
  };
  return startProgram(ENGINE, [], home, launch);
}

/** Lets the last engine recover, then asks it to stop: it closes what is open. */
async function finish(engine: Program, errors: string[]): Promise<void> {
  await engine.nextLine();
  engine.child.kill('SIGTERM');
  const { code, stderr } = await engine.ended;
  errors.push(...errorLines(stderr));
  if (code !== 0) throw new Error(`the last engine ended with ${code}: ${stderr}`);
}

async function countIntents(dataFolder: string): Promise<number> {
  return (await readRecords(nodeDisk, dataFolder)).filter(({ entry }) => entry.kind === 'intent').length;
}

async function waitForIntentAfter(dataFolder: string, known: number, engine: Program): Promise<void> {
  const deadline = performance.now() + INTENT_TIMEOUT_MS;
  while ((await countIntents(dataFolder)) <= known) {
    if (performance.now() > deadline) throw new Error(`no order within a minute: ${engine.stderr()}`);
    await wait(LOOK_EVERY_MS);
  }
}

function youngestTradeState(records: JournalRecord[]): string {
  const youngest = records.findLast(({ entry }) => entry.kind === 'trade' || entry.kind === 'intent')?.entry;
  if (!youngest) return 'none yet';
  if (youngest.kind === 'trade') return youngest.trade.state;
  return youngest.kind === 'intent' ? `INTENT ${youngest.leg}` : 'none yet';
}

/** Notices of level error, which the engine writes to standard error as JSON lines. */
function errorLines(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.includes('"level":"error"'));
}

type Compared = Pick<KilledEngineReport, 'orders' | 'trades' | 'ledger' | 'reusedOrderIds' | 'positionsE8'>;

async function compare(dataFolder: string, description: unknown): Promise<Compared> {
  // The lines as they are: `readHistory` would pass over a fill that was written twice.
  const entries = (await readRecords(nodeDisk, dataFolder)).map(({ entry }) => entry);
  const journalled: LedgerFill[] = entries.flatMap((entry) => (entry.kind === 'fill' ? [entry] : []));
  const intents = entries.flatMap((entry) => (entry.kind === 'intent' ? [entry.orderId] : []));
  const trades = new Set(entries.flatMap((entry) => (entry.kind === 'trade' ? [entry.trade.id] : [])));
  const { fills, positions } = await askVenues(description);
  const positionsE8: KilledEngineReport['positionsE8'] = {};
  for (const venue of ['paradex', 'vest']) {
    positionsE8[venue] = {
      venue: positions.filter((one) => one.venue === venue).reduce((sum, one) => sum + one.sizeE8, 0),
      journal: journalled
        .filter((fill) => fill.venue === venue)
        .reduce((sum, fill) => sum + (fill.side === 'BUY' ? fill.sizeE8 : -fill.sizeE8), 0),
    };
  }
  return {
    orders: intents.length,
    trades: trades.size,
    ledger: compareLedger(fills, journalled),
    reusedOrderIds: intents.filter((id, index) => intents.indexOf(id) !== index),
    positionsE8,
  };
}
