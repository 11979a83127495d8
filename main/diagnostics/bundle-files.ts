import { join } from 'node:path';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { Diagnostics } from '../ipc/desktop-schema.ts';
import type { AppState } from '../ipc/schema.ts';
import { LOG_SOURCES, logPath } from './logs.ts';
import { tailOf } from './log-reader.ts';
import type { Redactor } from './redact.ts';

export interface BundleSources {
  redactor: Redactor;
  logFolder: string;
  /** Of the engine: journal.jsonl, events.jsonl. */
  dataFolder: string;
  app: AppState;
  settings: unknown;
  snapshot: Snapshot | undefined;
  diagnostics: Diagnostics;
}

export interface BundleFile {
  name: string;
  text: string;
}

const JOURNAL_LINES = 200;
const LOG_BYTES = 256 * 1024;
const TRADES = 20;

const README = `Halfspread support bundle

What is in it: versions, settings, the state of the program and of its desk, the latest trades, the last lines of journal,
events and logs. Keys, tokens, passphrases and names of people's folders were taken out before it was shown to you; each
place says what stood there, like [hex 64] or [secret]. Prices, sizes and results of trades are in it.

Nothing was sent anywhere: it is a file on your machine, to give to whom you choose.
`;

/** Everything a bundle holds, redacted. A part that cannot be read says so in its place. */
export async function bundleFiles(sources: BundleSources): Promise<BundleFile[]> {
  const { redactor, diagnostics, snapshot } = sources;
  const json = (name: string, value: unknown): BundleFile => ({
    name,
    text: `${JSON.stringify(redactor.value(value), undefined, 2)}\n`,
  });
  return [
    { name: 'README.txt', text: README },
    json('versions.json', { ...diagnostics.versions, engine: diagnostics.engine }),
    json('diagnostics.json', diagnostics),
    json('state.json', sources.app),
    json('settings.json', sources.settings),
    json('desk.json', snapshot ? deskOf(snapshot) : { missing: 'the engine has told nothing yet' }),
    await lines('journal-last-lines.jsonl', join(sources.dataFolder, 'journal.jsonl'), redactor),
    await lines('events-last-lines.jsonl', join(sources.dataFolder, 'events.jsonl'), redactor),
    ...(await Promise.all(
      LOG_SOURCES.map((source) => lines(`logs/${source}.log`, logPath(sources.logFolder, source), redactor, Infinity)),
    )),
  ];
}

/** The snapshot without its long series. */
function deskOf(snapshot: Snapshot): unknown {
  const { spread, missed, trades, statistics, ...rest } = snapshot;
  const { slippageValues, latencyBuckets, ...figures } = statistics;
  return {
    ...rest,
    statistics: figures,
    trades: trades.slice(0, TRADES),
    leftOut: {
      spreadPoints: spread.length,
      missed: missed.length,
      trades: Math.max(0, trades.length - TRADES),
      slippageValues: slippageValues.length,
      latencyBuckets: latencyBuckets.length,
    },
  };
}

async function lines(name: string, path: string, redactor: Redactor, most = JOURNAL_LINES): Promise<BundleFile> {
  try {
    const tail = (await tailOf(path, LOG_BYTES)).slice(-most);
    return { name, text: tail.map((line) => `${redactedLine(line, redactor)}\n`).join('') };
  } catch (error) {
    return { name, text: `${redactor.text(`could not be read: ${String(error)}`)}\n` };
  }
}

/** JSON is redacted by its names too, and stays JSON. */
function redactedLine(line: string, redactor: Redactor): string {
  try {
    return JSON.stringify(redactor.value(JSON.parse(line)));
  } catch {
    return redactor.text(line);
  }
}
