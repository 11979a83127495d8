/** The program that started this engine: how it hands over the launch, and how its end is noticed. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { HalfspreadError } from '../core/errors.ts';
import { launchSchema, type Launch } from '../protocol/launch.ts';

const LAUNCH_DESCRIPTOR = 3;

/** Electron's port of a utility process to its parent; those have neither descriptor 3 nor standard input. */
interface ParentPort {
  once(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function electronParentPort(): ParentPort | undefined {
  return 'parentPort' in process ? (process.parentPort as ParentPort) : undefined;
}

/**
 * Secrets come through a descriptor or a message: not in argv, not in the environment.
 * @throws HalfspreadError HS_LAUNCH
 */
export async function readLaunch(): Promise<Launch> {
  const port = electronParentPort();
  let value: unknown;
  try {
    value = port ? await firstMessage(port) : JSON.parse(await firstLine());
  } catch (cause) {
    throw launchError(cause);
  }
  const parsed = launchSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Names the field, never its value: the line carries secrets, so the cause is not handed on either.
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
  const input = createReadStream('', { fd: LAUNCH_DESCRIPTOR, encoding: 'utf8' });
  for await (const line of createInterface({ input })) return line;
  throw new Error(`descriptor ${LAUNCH_DESCRIPTOR} ended without a line`);
}

function launchError(cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_LAUNCH',
    'The engine got no launch line from the program that started it.',
    'It is started by Halfspread itself; use `npm start` or `halfspread run`.',
    { cause },
  );
}
