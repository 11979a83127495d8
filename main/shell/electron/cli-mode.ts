import { HalfspreadError } from '../../../engine/protocol/errors.ts';

export interface CliProcess {
  exitCode?: number | string | null | undefined;
  stdout: { write(text: string, done: () => void): unknown };
  stderr: { write(text: string, done: () => void): unknown };
  exit(code: number): void;
}

/**
 * `Halfspread --cli ...`: runs the command line in this process, without a window, and ends with its exit code. The
 * packaged program cannot run a script as Node (RunAsNode is fused off), so the command line comes into it. Do not wait
 * for Electron to be ready before: it would ask for a display.
 * @param load evaluates the command line's module; it is done when the command is
 */
export async function runCli(own: CliProcess, load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
  } catch (cause) {
    const { code, message, remedy } = new HalfspreadError(
      'HS_CLI_MISSING',
      'The command line of this program cannot be loaded.',
      'Install Halfspread again, or build it: npm run build.',
      { cause },
    );
    own.stderr.write(`${code}: ${message}\nWhat to do: ${remedy}\n${String(cause)}\n`, () => undefined);
    own.exitCode = 1;
  }
  // What is still on its way through a pipe would be cut off.
  await Promise.all([own.stdout, own.stderr].map((stream) => new Promise<void>((done) => stream.write('', done))));
  own.exit(Number(own.exitCode ?? 0));
}
