import { Command, InvalidArgumentError } from 'commander';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT, reportError } from './cli/output.ts';
import type { ProbeCommandOptions } from './cli/probe.ts';
import { parseDurationMs } from './cli/duration.ts';
import { userArguments } from './cli/self.ts';
import type { RunOptions } from './cli/run-options.ts';
import { errorMessage, HalfspreadError } from './core/errors.ts';
import { userFolders } from './protocol/folders.ts';
import { ENGINE_VERSION } from './version.ts';

const dataFolder = join(userFolders(process.platform, process.env, homedir()).data, 'practice');

const program = new Command('halfspread')
  .description('Trade two legs between two perp venues, see where the milliseconds go and what they cost.')
  .version(ENGINE_VERSION)
  .showHelpAfterError('(add --help to see what this command takes)')
  // Before the commands are made: they take it over.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.badInput))
  .addHelpText(
    'after',
    `
First steps:
  halfspread run --mode practice --for 60s            trade a recorded market for a minute
  halfspread run --mode practice --virtual            the whole recording in seconds, on a virtual clock
  halfspread run --mode practice --network vps-near --for 60s --json
  halfspread run --mode paper --config desk.yaml      real market data, fills simulated, nothing is sent
  halfspread practice list                            tapes and networks there are
  halfspread practice serve --json                    the two practice venues alone, for your own client

Exit codes: 0 done, 1 failed, 2 bad command line, config or file, 3 no engine running, 4 the venues' ledger and the journal differ.`,
  );

program
  .command('run')
  .description(
    'run a desk until --for has passed (or Ctrl-C), close its position, compare its journal with the venues’ ledger',
  )
  .option(
    '--mode <mode>',
    'practice (built-in venues on this machine) or paper (real market data, simulated fills)',
    'practice',
  )
  .option(
    '--network <name>',
    'practice: line to the venues, adsl-rural (default), fibre, 4g, vps-near or none; paper: production (default) or testnet',
  )
  .option('--tape <id or folder>', 'practice: recorded market to replay (default: "btc-usdm-coinm")')
  .option('--fees <schedule>', 'practice: published (default), zero or custom:<paradex bps>:<vest bps>')
  .option('--paradex-rest <url>', 'paper: REST address of Paradex, ends in /v1')
  .option('--paradex-ws <url>', 'paper: WebSocket address of Paradex, ends in /v1')
  .option('--vest-rest <url>', 'paper: REST address of Vest, ends in /v2')
  .option('--vest-ws <url>', 'paper: WebSocket address of Vest with its version query')
  .option(
    '--venue-ms <ms>',
    'paper: assumed time of a venue from receiving an order to matching it (default: 10)',
    wholeNumber,
  )
  .option('--for <duration>', 'stop after this long: 120s, 5m, 1h', duration)
  .option('--virtual', 'virtual clock: the same desk, clients and venues over the whole tape in seconds', false)
  .option('--seed <number>', 'seed of delays and venue randomness', wholeNumber, 1)
  .option('--config <file>', 'desk config (YAML)')
  .option('--bot <id>', 'which entry of the config’s bots to run (default: the first)')
  .option('--data <folder>', 'where journal and events are kept (default: a folder per mode and network)')
  .option('--json', 'one JSON object as the last line of standard output', false)
  .addHelpText(
    'after',
    `
A config (spreads in percent, size in coins, limits in USD):
  bots:
    - id: btc-vest-paradex
      pair: BTC
      dex_a: vest
      dex_b: paradex
      spread_entry: 0.0157      # 1.57 bps
      spread_exit: -0.0117      # close when the way back costs no more than 1.17 bps
      leverage: 5
      position_size: 0.01
  risk:
    max_notional_usd: 25000
Without a config practice uses the tape's own default thresholds and size; paper needs one.
Live trading is started and armed in the window only.`,
  )
  .action(async (options: RunOptions) => {
    const { runCommand } = await import('./cli/run.ts');
    process.exitCode = await runCommand(options);
  });

const practice = program.command('practice').description('the built-in venues');
practice
  .command('serve')
  .description('start both practice venues, print their addresses and accounts, run until stopped')
  .option('--tape <id or folder>', 'recorded market to replay', 'btc-usdm-coinm')
  .option('--network <preset>', 'link in front of the venues', 'none')
  .option('--line <preset...>', 'more lines to the same venues, each with addresses of its own', [])
  .option('--fees <schedule>', 'published, zero or custom:<paradex bps>:<vest bps>', 'published')
  .option(
    '--listen <address>',
    'address to listen on, optionally with the first of two ports: 127.0.0.1 or 127.0.0.1:7100',
  )
  .option('--seed <number>', 'seed of accounts, delays and venue randomness', wholeNumber, 1)
  .option('--json', 'print one JSON line', false)
  .option('--exit-with-parent', 'stop when standard input ends', false)
  .action(async (options: ServeCommandOptions) => {
    const { serveCommand } = await import('./cli/practice.ts');
    process.exitCode = await serveCommand(options);
  });
practice
  .command('list')
  .description('tapes and networks there are')
  .option('--json', 'print JSON', false)
  .action(async (options: { json: boolean }) => {
    const { listCommand } = await import('./cli/practice.ts');
    await listCommand(options.json);
  });

program
  .command('status')
  .description('what the running engine does')
  .option('--data <folder>', 'data folder of the engine', dataFolder)
  .option('--json', 'print JSON', false)
  .action(async (options: { data: string; json: boolean }) => {
    const { statusCommand } = await import('./cli/status.ts');
    await statusCommand(resolve(options.data), options.json);
  });

program
  .command('trades')
  .description('all trades of the journal, running engine or not')
  .option('--data <folder>', 'data folder of the engine', dataFolder)
  .option('--limit <number>', 'only the latest', wholeNumber)
  .option('--json', 'print a JSON array', false)
  .action(async (options: { data: string; limit?: number; json: boolean }) => {
    const { tradesCommand } = await import('./cli/trades.ts');
    await tradesCommand(resolve(options.data), options.limit, options.json);
  });

program
  .command('probe')
  .description('which API generation each venue answers with, read-only and without keys; exit 0 when both can be used')
  .option('--network <network>', 'production or testnet (default: production)')
  .option('--paradex-rest <url>', 'instead of a network: Paradex REST, ends in /v1')
  .option('--paradex-ws <url>', 'Paradex WebSocket')
  .option('--vest-rest <url>', 'Vest REST, ends in /v2')
  .option('--vest-ws <url>', 'Vest WebSocket with its version query')
  .option('--vest-contract <address>', 'Vest verifying contract, 0x and 40 hex digits')
  .option('--json', 'print JSON', false)
  .action(async (options: ProbeCommandOptions) => {
    const { probeCommand } = await import('./cli/probe.ts');
    process.exitCode = await probeCommand(options);
  });

program
  .command('open')
  .argument('[page]', 'page to open there: overview, latency, trade/12, ... ; it only navigates')
  .description('print a new one-time link to the running window and open it')
  .option('--no-browser', 'only print the link')
  .option('--json', 'print JSON', false)
  .action(async (page: string | undefined, options: { browser: boolean; json: boolean }) => {
    const { openCommand } = await import('./cli/open.ts');
    await openCommand(page, options);
  });

program
  .command('secret')
  .description('hand the secret the window asks for to it: typed unseen, or one line of standard input')
  .option('--wait <duration>', 'wait this long until something is asked for: 30s', duration)
  .option('--json', 'print JSON', false)
  .action(async (options: { wait?: number; json: boolean }) => {
    const { secretCommand } = await import('./cli/secret.ts');
    process.exitCode = await secretCommand(options);
  });

// Of main: build/halfspread.mjs starts its program before this one. Named here so that --help tells of them.
for (const [name, description] of [
  ['deploy', 'put the engine on a server (deploy --help)'],
  ['site', 'look after the servers you deployed to (site --help)'],
] as const) {
  program
    .command(name)
    .description(description)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new HalfspreadError(
        'HS_OPTION',
        `"${name}" is not part of this program.`,
        'Run it on your own machine: npm run -s halfspread -- ' + `${name} --help`,
      );
    });
}

export interface ServeCommandOptions {
  tape: string;
  network: string;
  line: string[];
  fees: string;
  listen?: string;
  seed: number;
  json: boolean;
  exitWithParent: boolean;
}

function duration(text: string): number {
  try {
    return parseDurationMs(text);
  } catch (error) {
    throw new InvalidArgumentError(errorMessage(error));
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  return value;
}

try {
  await program.parseAsync(userArguments(), { from: 'user' });
} catch (error) {
  process.exitCode = reportError(error, process.argv.includes('--json'));
}
