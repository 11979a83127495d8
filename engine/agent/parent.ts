/** The program that started this process: what it hands over, and how its end is noticed. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { HalfspreadError } from '../core/errors.ts';
import { launchSchema, type Launch } from '../protocol/launch.ts';

const HANDOVER_DESCRIPTOR = 3;

/** Electron's port of a utility process to its parent; those have neither descriptor 3 nor standard input. */
interface ParentPort {
  once(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function electronParentPort(): ParentPort | undefined {
  return 'parentPort' in process ? (process.parentPort as ParentPort) : undefined;
}

/**
 * The one value the parent hands over: the line of descriptor 3 as JSON, or Electron's first message. Secrets come this way:
 * not in argv, not in the environment. Rejects when there is none; the cause may quote the line, so it must not be logged.
 */
export async function readHandover(): Promise<unknown> {
  const port = electronParentPort();
  return port ? firstMessage(port) : (JSON.parse(await firstLine()) as unknown);
}

/** @throws HalfspreadError HS_LAUNCH, naming the field that is wrong and never its value */
export async function readLaunch(): Promise<Launch> {
  const parsed = launchSchema.safeParse(await readHandover().catch(() => Promise.reject(launchError())));
  if (parsed.success) return parsed.data;
  // The line carries secrets, so the cause is not handed on either.
  const { path, message } = parsed.error.issues[0]!;
  throw new HalfspreadError(
    'HS_LAUNCH',
    `The launch line cannot be used: ${path.join('.') || '(whole)'}: ${message}.`,
    'Correct what is named (a key or an address came from its settings page); the engine was not started.',
  );
}

/** Calls `stop` when the parent is gone. Electron ends its utility processes itself. */
export function onParentGone(stop: () => void): void {
  if (electronParentPort()) return;
  process.stdin.resume().on('end', stop).on('error', stop);
}

function firstMessage(port: ParentPort): Promise<unknown> {
  return new Promise((resolve) => port.once('message', ({ data }) => resolve(data)));
}

async function firstLine(): Promise<string> {
  const input = createReadStream('', { fd: HANDOVER_DESCRIPTOR, encoding: 'utf8' });
  for await (const line of createInterface({ input })) return line;
  throw new Error(`descriptor ${HANDOVER_DESCRIPTOR} ended without a line`);
}

function launchError(): HalfspreadError {
  return new HalfspreadError(
    'HS_LAUNCH',
    'The engine got no launch line from the program that started it.',
    'It is started by Halfspread itself; use `npm start` or `halfspread run`.',
  );
}
