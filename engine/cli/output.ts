import { HalfspreadError, errorMessage } from '../core/errors.ts';

/** Exit codes of every command; scripts may rely on them. */
export const EXIT = {
  ok: 0,
  /** It ran and failed. */
  failed: 1,
  /** The command line, the config or a file it names cannot be used; nothing was started. */
  badInput: 2,
  /** No engine is running that could be asked. */
  notRunning: 3,
  /** The ledgers of the venues and the journal differ. */
  ledgerDiffers: 4,
} as const;

/** One line of JSON on standard output: the only thing a `--json` command writes there. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Progress and remarks for a person; never on standard output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const BAD_INPUT =
  /^HS_(AGENT_NOT_INITIALISED|AGENT_RUNNING|CERTIFICATE|ENROL_|KEY_FORMAT|PORT_BUSY|PURGE_|STATE_FILE|CONFIG|BAD_|TAPE_|NETWORK_|LINK_UNKNOWN|FEES|OPTION|MARKET_UNKNOWN|DATA_IN_USE|DISK|JOURNAL_|RUNTIME_FILE|PIPE_|VENUE_SET|LISTEN|UNIT_FORMAT|PRACTICE_DECIMALS)/;

/** Prints an error for a person (and as JSON when asked) and returns the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const known = error instanceof HalfspreadError;
  const code = known ? error.code : 'HS_INTERNAL';
  const message = errorMessage(error);
  const remedy = known ? error.remedy : 'This is a fault of Halfspread itself; please report it with the lines above.';
  say(`${code}: ${message}`);
  say(`What to do: ${remedy}`);
  if (!known && error instanceof Error && error.stack) say(error.stack);
  if (json) printJson({ error: { code, message, remedy } });
  if (code === 'HS_NOT_RUNNING') return EXIT.notRunning;
  return BAD_INPUT.test(code) ? EXIT.badInput : EXIT.failed;
}
