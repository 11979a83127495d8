import { parseArgs } from 'node:util';
import { HalfspreadError, errorMessage } from '../core/errors.ts';
import type { FeeSchedule } from './host.ts';
import { DEFAULT_NETWORK } from './links/presets.ts';
import type { ListenAddress } from './links/listen.ts';
import { DEFAULT_TAPE } from './tapes/catalogue.ts';

/** What the venues' process is started with. */
export interface PracticeArguments {
  /** Print tapes and networks and end. */
  list: boolean;
  tape: string;
  network: string;
  otherNetworks: string[];
  fees: FeeSchedule;
  listen: string | undefined;
  seed: number;
  atEnd: 'stop' | 'restart';
  exitWithParent: boolean;
}

const USAGE =
  'Known options: --list, --tape ID, --network ID, --line ID (more lines to the same venues), --fees published|zero|custom:PARADEX_BPS:VEST_BPS, ' +
  '--listen HOST[:PORT], --seed NUMBER, --at-end stop|restart, --exit-with-parent, --json.';

/** @throws HalfspreadError HS_BAD_OPTION naming the option. */
export function parsePracticeArguments(argv: string[]): PracticeArguments {
  const values = readArguments(argv);
  const atEnd = values['at-end'];
  if (atEnd !== 'stop' && atEnd !== 'restart') throw optionError(`--at-end "${atEnd}" is neither stop nor restart.`);
  const seed = Number(values.seed);
  if (!/^\d+$/.test(values.seed) || !Number.isSafeInteger(seed)) {
    throw optionError(`--seed "${values.seed}" is no whole number.`);
  }
  if (values.listen !== undefined) parseListen(values.listen);
  return {
    list: values.list,
    tape: values.tape,
    network: values.network,
    otherNetworks: values.line,
    fees: parseFees(values.fees),
    listen: values.listen,
    seed,
    atEnd,
    exitWithParent: values['exit-with-parent'],
  };
}

/**
 * `published`, `zero` or `custom:<Paradex taker bps>:<Vest taker bps>`.
 * @throws HalfspreadError HS_BAD_OPTION
 */
export function parseFees(text: string): FeeSchedule {
  if (text === 'published' || text === 'zero') return { kind: text };
  const custom = /^custom:(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text);
  if (custom) return { kind: 'custom', paradexTakerBps: Number(custom[1]), vestTakerBps: Number(custom[2]) };
  throw new HalfspreadError(
    'HS_BAD_OPTION',
    `--fees "${text}" is none of published, zero, custom:<Paradex taker bps>:<Vest taker bps>.`,
    'Write --fees published, --fees zero, or the taker fees in bps: --fees custom:4.5:1.',
  );
}

/**
 * `HOST` or `HOST:PORT`. The port is Paradex's, the next one Vest's; without it both get free ports.
 * @throws HalfspreadError HS_BAD_OPTION
 */
export function parseListen(text: string): { paradex: ListenAddress; vest: ListenAddress } {
  const match = /^([A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(text);
  const port = Number(match?.[2] ?? 0);
  if (!match || port > 65_534) {
    throw new HalfspreadError(
      'HS_BAD_OPTION',
      `--listen "${text}" is no HOST[:PORT] with a port up to 65534.`,
      'Write --listen 127.0.0.1 for free ports, or --listen 127.0.0.1:7100 for 7100 and 7101.',
    );
  }
  const host = match[1]!;
  return { paradex: { host, port }, vest: { host, port: port === 0 ? 0 : port + 1 } };
}

function readArguments(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        list: { type: 'boolean', default: false },
        tape: { type: 'string', default: DEFAULT_TAPE },
        network: { type: 'string', default: DEFAULT_NETWORK },
        line: { type: 'string', multiple: true, default: [] },
        fees: { type: 'string', default: 'published' },
        listen: { type: 'string' },
        seed: { type: 'string', default: '1' },
        'at-end': { type: 'string', default: 'restart' },
        'exit-with-parent': { type: 'boolean', default: false },
        /** Accepted for symmetry with the CLI: the output is JSON in any case. */
        json: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw optionError(errorMessage(error), error);
  }
}

function optionError(message: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError('HS_BAD_OPTION', message, USAGE, { cause });
}
