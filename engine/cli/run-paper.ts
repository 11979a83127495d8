import { PUBLISHED_ENDPOINTS, type VenueEndpoints } from '../protocol/endpoints.ts';
import { HalfspreadError } from '../core/errors.ts';
import { nodeDisk } from '../node/disk.ts';
import { createNodeEnv } from '../node-env.ts';
import { deskLaunchSchema, type DeskConfigText, type DeskLaunch } from '../protocol/launch.ts';
import type { Env } from '../env.ts';
import { startDesk, type StartedDesk } from '../start-desk.ts';
import { endOfRun, reportProgress } from './end-of-run.ts';
import { say } from './output.ts';
import { startAgentForCli } from './run-agent.ts';
import { buildRunReport, type RunReport } from './run-report.ts';
import type { RunOptions } from './run-options.ts';

const REACH_VENUES_WITHIN_MS = 60_000;

/** What the command line says about a paper desk. @throws HalfspreadError HS_BAD_* */
export async function paperLaunch(options: RunOptions): Promise<DeskLaunch> {
  refusePracticeOptions(options);
  const launch = deskLaunchSchema.safeParse({
    mode: 'paper',
    endpoints: endpointsOf(options),
    config: await configTextOf(options),
    assumptions: options.venueMs === undefined ? {} : { venueProcessingMs: options.venueMs },
  });
  if (launch.success) return launch.data;
  const { path, message } = launch.error.issues[0]!;
  throw new HalfspreadError(
    'HS_BAD_ENDPOINT',
    `The paper desk cannot be set up: ${path.join('.')}: ${message}.`,
    'Addresses look like https://host/v1 and wss://host/v1; see halfspread run --help.',
  );
}

/** Trades on paper until --for has passed or Ctrl-C, closes, holds the journal against the paper account. */
export async function runPaper(launch: DeskLaunch, options: RunOptions & { data: string }): Promise<RunReport> {
  const env = createNodeEnv();
  try {
    const { desk, started, stop } = await startDesk(launch, env, {
      dataFolder: options.data,
      onEvent: (_sequence, event) => {
        if (event.type === 'notice' && event.notice.level !== 'info') {
          say(`${event.notice.code}: ${event.notice.message}`);
        }
      },
    });
    const agent = await startAgentForCli(desk, env, options.data);
    try {
      return await tradeUntilOver({ desk, started, stop }, env, options);
    } finally {
      await agent.stop();
    }
  } finally {
    await env.close();
  }
}

async function tradeUntilOver({ desk, started, stop }: StartedDesk, env: Env, options: RunOptions): Promise<RunReport> {
  // A run with an end of its own does not wait for a venue for ever.
  const patienceMs = options.for === undefined ? undefined : REACH_VENUES_WITHIN_MS;
  const gaveUp = await endOfRun(env, patienceMs, [started.then(() => undefined)]);
  if (gaveUp !== undefined) {
    // Stopping makes the start fail; why it is stopped is said here.
    await Promise.all([stop(gaveUp), started.catch(() => undefined)]);
    throw new HalfspreadError(
      'HS_VENUES_UNREACHED',
      'The run ended before both venues were reached; see the lines above.',
      'Check the line and the addresses, then run it again.',
    );
  }
  const startedMs = env.clock.monotonicMs();
  const stopProgress = reportProgress(desk, env, options.for);
  const reason = await endOfRun(env, options.for);
  stopProgress();
  const durationMs = env.clock.monotonicMs() - startedMs;
  await desk.closeForReport();
  const ledger = await desk.ledger();
  await stop(reason);
  return buildRunReport(desk.snapshot(), ledger, durationMs, false);
}

function endpointsOf(options: RunOptions): VenueEndpoints {
  const name = options.network ?? 'production';
  if (name !== 'production' && name !== 'testnet') {
    throw new HalfspreadError(
      'HS_BAD_NETWORK',
      `Paper knows no network "${name}": that is a line of practice.`,
      'Use --network production or --network testnet, or name addresses with --paradex-rest and its kin.',
    );
  }
  const { paradex, vest } = PUBLISHED_ENDPOINTS[name];
  const own = { paradex: pairOf(options, 'paradex'), vest: pairOf(options, 'vest') };
  return {
    paradex: own.paradex ? { network: 'custom', ...own.paradex } : paradex,
    vest: own.vest ? { ...vest, network: 'custom', ...own.vest } : vest,
  };
}

/** REST and WebSocket address of one venue, where the command line names them. */
function pairOf(options: RunOptions, venue: 'paradex' | 'vest'): { restUrl: string; wsUrl: string } | undefined {
  const [restUrl, wsUrl] =
    venue === 'paradex' ? [options.paradexRest, options.paradexWs] : [options.vestRest, options.vestWs];
  if (restUrl === undefined && wsUrl === undefined) return undefined;
  if (restUrl !== undefined && wsUrl !== undefined) return { restUrl, wsUrl };
  throw new HalfspreadError(
    'HS_BAD_ENDPOINT',
    `--${venue}-rest and --${venue}-ws belong together; only one was given.`,
    'Give both.',
  );
}

async function configTextOf({ config, bot }: RunOptions): Promise<DeskConfigText> {
  if (config === undefined) {
    throw new HalfspreadError(
      'HS_CONFIG_MISSING',
      'A paper desk needs a config: what to trade, at which spread, how much.',
      'Name one with --config; halfspread run --help shows an example.',
    );
  }
  const text = await nodeDisk.readText(config).catch((cause: unknown) => {
    if (!(cause instanceof HalfspreadError)) throw cause;
    throw new HalfspreadError('HS_CONFIG_UNREADABLE', cause.message, 'Check the path given with --config.', { cause });
  });
  return { text, path: config, ...(bot === undefined ? {} : { bot }) };
}

function refusePracticeOptions({ virtual, tape, fees }: RunOptions): void {
  const given = virtual ? '--virtual' : tape !== undefined ? '--tape' : fees !== undefined ? '--fees' : undefined;
  if (given === undefined) return;
  throw new HalfspreadError(
    'HS_BAD_OPTION',
    `${given} belongs to practice: paper has the real market, its own time and the venues' own fees.`,
    `Leave ${given} out, or use --mode practice.`,
  );
}
