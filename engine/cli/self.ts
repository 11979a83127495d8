/**
 * How this command line was started, so that it can start itself again: `node cli.mjs ...`, or the packaged program,
 * which cannot run scripts as Node, by `Halfspread --cli ...`. Read off `process.argv`.
 */
const CLI_MARK = '--cli';
/** After program and, unpackaged, script; a switch may stand before it. */
const LAST_PLACE_OF_MARK = 2;

export interface SelfCommand {
  program: string;
  /** Come before a command's own. */
  args: string[];
}

export function selfCommand(argv: readonly string[] = process.argv, program = process.execPath): SelfCommand {
  return { program, args: argv.slice(1, startOfArguments(argv)) };
}

/** What the person typed after the program. `Halfspread --cli -- ...` works too: Electron on Windows wants it before URLs. */
export function userArguments(argv: readonly string[] = process.argv): string[] {
  const typed = argv.slice(startOfArguments(argv));
  return isMarked(argv) && typed[0] === '--' ? typed.slice(1) : typed;
}

function startOfArguments(argv: readonly string[]): number {
  return isMarked(argv) ? argv.indexOf(CLI_MARK) + 1 : 2;
}

function isMarked(argv: readonly string[]): boolean {
  const at = argv.indexOf(CLI_MARK);
  return at > 0 && at <= LAST_PLACE_OF_MARK;
}
