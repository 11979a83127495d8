/** What a program of main gets from the main that started it (main/engines/launcher.ts), and how that one's end is noticed. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const HANDOVER_DESCRIPTOR = 3;

/** Electron's port of a utility process to its parent; those have neither descriptor 3 nor standard input. */
interface ParentPort {
  once(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function electronParentPort(): ParentPort | undefined {
  return 'parentPort' in process ? (process.parentPort as ParentPort) : undefined;
}

/** The first message, or the one JSON line of descriptor 3. @throws Error where there is neither; it never quotes the line */
export async function readHandover(): Promise<unknown> {
  const port = electronParentPort();
  if (port) return new Promise((resolve) => port.once('message', ({ data }) => resolve(data)));
  const input = createReadStream('', { fd: HANDOVER_DESCRIPTOR, encoding: 'utf8' });
  for await (const line of createInterface({ input })) return parseUnquoted(line);
  throw new Error('Halfspread starts this program itself; nothing was handed over.');
}

/** The parser's own error would quote what may be a secret. */
function parseUnquoted(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new Error('What was handed over is not JSON.');
  }
}

/** Electron ends its utility processes itself. */
export function onParentGone(stop: () => void): void {
  if (electronParentPort()) return;
  process.stdin.resume().on('end', stop).on('error', stop);
}
