import { z } from 'zod';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { startRefusedSchema } from '../../engine/protocol/launch.ts';
import { networkEntrySchema, tapeEntrySchema, type PracticeChoice } from '../ipc/schema.ts';
import type { ProcessLauncher } from './launcher.ts';

/** What the practice venues can play; they are asked, because main knows the engine's protocol alone. */
export const catalogueSchema = z.strictObject({
  tapes: z.array(tapeEntrySchema),
  networks: z.array(networkEntrySchema),
});
export type Catalogue = z.infer<typeof catalogueSchema>;

const DEFAULT_NETWORK = 'adsl-rural';
const LIST_TIMEOUT_MS = 20_000;

/**
 * Runs the practice program with `--list --json` and reads its one line.
 * @throws HalfspreadError HS_CATALOGUE, or what the program itself said.
 */
export function listPractice(launcher: ProcessLauncher, practiceScript: string): Promise<Catalogue> {
  return new Promise((resolve, reject) => {
    let firstLine: string | undefined;
    let lastLogLine = '';
    const child = launcher(
      { name: 'catalogue', script: practiceScript, args: ['--list', '--json'] },
      {
        onStdoutLine: (line) => (firstLine ??= line),
        onStderrLine: (line) => (lastLogLine = line),
        onExit: (code, signal, startError) => {
          clearTimeout(timeout);
          const ending = startError?.message ?? `ended with ${signal ?? `code ${code}`}: ${lastLogLine}`;
          try {
            resolve(readCatalogue(firstLine, ending));
          } catch (error) {
            reject(error);
          }
        },
      },
    );
    const timeout = setTimeout(() => child.kill(), LIST_TIMEOUT_MS);
  });
}

/** What was chosen last if it still exists, else the first tape over a rural line. */
export function chosenPractice(chosen: PracticeChoice | undefined, { tapes, networks }: Catalogue): PracticeChoice {
  const tape = tapes.find(({ id }) => id === chosen?.tape) ?? tapes[0];
  const network =
    networks.find(({ id }) => id === chosen?.network) ?? networks.find(({ id }) => id === DEFAULT_NETWORK);
  return {
    tape: tape?.id ?? chosen?.tape ?? '',
    network: network?.id ?? chosen?.network ?? DEFAULT_NETWORK,
    fees: chosen?.fees ?? 'published',
  };
}

/** @throws HalfspreadError HS_PRACTICE_CHOICE when the venues have no such tape or network. */
export function checkChoice(choice: PracticeChoice, catalogue: Catalogue): void {
  const wrong = !catalogue.tapes.some(({ id }) => id === choice.tape)
    ? `tape "${choice.tape}"; there are ${catalogue.tapes.map(({ id }) => id).join(', ') || 'none'}`
    : !catalogue.networks.some(({ id }) => id === choice.network)
      ? `network "${choice.network}"; there are ${catalogue.networks.map(({ id }) => id).join(', ') || 'none'}`
      : undefined;
  if (wrong === undefined) return;
  throw new HalfspreadError('HS_PRACTICE_CHOICE', `The practice venues have no ${wrong}.`, 'Choose one of these.');
}

function readCatalogue(line: string | undefined, ending: string): Catalogue {
  if (line === undefined) throw unreadable(ending, undefined);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw unreadable('its answer is not JSON', cause);
  }
  const refused = startRefusedSchema.safeParse(value);
  if (refused.success) {
    const { message, remedy } = refused.data.error;
    throw new HalfspreadError('HS_CATALOGUE', message, remedy);
  }
  const catalogue = catalogueSchema.safeParse(value);
  if (!catalogue.success) throw unreadable('its answer does not fit the schema', catalogue.error);
  return catalogue.data;
}

function unreadable(why: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_CATALOGUE',
    `The practice venues did not list their tapes and networks (${why}).`,
    'Build Halfspread again (npm run build), then restart it.',
    { cause },
  );
}
