/** The practice venues' process: prints one JSON line when ready (or when it cannot be), runs until it is told to end. */
import { HalfspreadError, errorMessage } from '../core/errors.ts';
import { linkPresets } from './links/presets.ts';
import { parsePracticeArguments } from './options.ts';
import { startPracticeVenues } from './process.ts';
import { listTapes } from './tapes/catalogue.ts';

const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;

try {
  await main();
} catch (error) {
  refuse(error);
}

async function main(): Promise<void> {
  const { list, exitWithParent, ...options } = parsePracticeArguments(process.argv.slice(2));
  if (list) return endWith({ tapes: listTapes().map(tapeEntry), networks: linkPresets.map(networkEntry) }, 0);
  const venues = await startPracticeVenues({ ...options, onFailure: fail });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    if (venues.lateness().exceedsBar) {
      process.stderr.write(`The venues were late: ${JSON.stringify(venues.lateness())}\n`);
    }
    venues.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  if (exitWithParent) process.stdin.resume().on('end', stop).on('error', stop);
  printLine(venues.description);
}

function tapeEntry(tape: ReturnType<typeof listTapes>[number]): object {
  const { id, title, description, usableWindow } = tape;
  return { id, title, description, durationMs: usableWindow.durationMs };
}

function networkEntry({ id, description, orderToAckMs }: (typeof linkPresets)[number]): object {
  return { id, description, orderToAckMs };
}

/** The venues cannot start: says why on standard output, where the supervisor reads, and for people on standard error. */
function refuse(error: unknown): void {
  const known = error instanceof HalfspreadError;
  const code = known ? error.code : 'HS_PRACTICE_FAILED';
  const remedy = known ? error.remedy : 'Report it with this line.';
  process.stderr.write(`${code}: ${errorMessage(error)}\n${remedy}\n`);
  endWith(
    { ready: false, error: { code, message: errorMessage(error), remedy } },
    known ? EXIT_BAD_INPUT : EXIT_FAILED,
  );
}

function fail(error: unknown): void {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${errorMessage(error.cause)})` : '';
  process.stderr.write(`${errorMessage(error)}${cause}\n`);
  process.exit(EXIT_FAILED);
}

/** A utility process of Electron does not end by itself when nothing is left to do. */
function endWith(value: object, code: number): void {
  process.stdout.write(`${JSON.stringify(value)}\n`, () => process.exit(code));
}

function printLine(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
