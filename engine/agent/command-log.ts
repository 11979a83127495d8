import { z } from 'zod';
import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import { uuidV7TimeMs } from '../protocol/uuid-v7.ts';
import type { DurableIds } from './command-memory.ts';

/** Years of commands given by people. */
const MAX_IDS = 20_000;
const KEPT_IDS = 10_000;

const lineSchema = z.union([
  z.strictObject({ id: z.uuid(), at: z.number() }),
  /** Ids whose time is not above this were forgotten. */
  z.strictObject({ forgottenUntil: z.number() }),
]);

export interface CommandLog extends DurableIds {
  close(): Promise<void>;
}

/**
 * The ids of commands that were given to an agent, one JSON line each. A command whose agent was killed is not carried out
 * again when the desktop repeats it, whatever the two clocks say.
 * @throws HalfspreadError HS_STATE_FILE naming the line
 */
export async function openCommandLog(path: string, env: Pick<Env, 'clock' | 'disk'>): Promise<CommandLog> {
  const text = (await env.disk.sizeOf(path)) === undefined ? '' : await env.disk.readText(path);
  const ids = new Set<string>();
  let forgottenUntil = 0;
  // A last line without its end was never durable: its command was not carried out.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const [index, line] of whole.split('\n').entries()) {
    if (line === '') continue;
    const entry = parseLine(line, path, index + 1);
    if ('id' in entry) ids.add(entry.id);
    else forgottenUntil = Math.max(forgottenUntil, entry.forgottenUntil);
  }
  if (ids.size > MAX_IDS || whole.length !== text.length) {
    const all = [...ids];
    for (const id of all.slice(0, Math.max(0, all.length - KEPT_IDS))) {
      ids.delete(id);
      forgottenUntil = Math.max(forgottenUntil, uuidV7TimeMs(id) ?? 0);
    }
    const lines = [{ forgottenUntil }, ...[...ids].map((id) => ({ id, at: Math.round(env.clock.wallMs()) }))];
    await env.disk.writeAtomically(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  const file = await env.disk.openAppend(path);
  return {
    has: (id) => ids.has(id) || (uuidV7TimeMs(id) ?? 0) <= forgottenUntil,
    async add(id) {
      ids.add(id);
      file.append(`${JSON.stringify({ id, at: Math.round(env.clock.wallMs()) })}\n`);
      await file.sync();
    },
    close: () => file.close(),
  };
}

function parseLine(line: string, path: string, number: number): z.infer<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new HalfspreadError(
      'HS_STATE_FILE',
      `${path}, line ${number}, is not what the agent wrote there. Nothing was changed.`,
      'Put the file back from a backup. Without one: look at the trades, then remove the file; commands sent again from before are then carried out anew.',
      { cause },
    );
  }
}
