import type { Clock } from '../env.ts';
import { HalfspreadError } from '../core/errors.ts';
import { canonicalJson } from '../protocol/canonical.ts';
import { COMMAND_ROLES, type Command } from '../protocol/messages.ts';
import { uuidV7TimeMs } from '../protocol/uuid-v7.ts';

const REMEMBERED_FOR_MS = 24 * 3_600_000;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  command: string;
  atMs: number;
  result: Promise<unknown>;
}

/**
 * Gives each command its effect once: the same id again gets the same answer for 24 hours. What is no longer
 * remembered can not take effect a second time either, because an id carries its time: ids older than the newest
 * forgotten one, or than this start of the engine, are refused. (Local carrier: one clock for both sides.)
 */
export function createCommandMemory(
  clock: Clock,
  execute: (command: Command) => Promise<unknown>,
): (id: string, command: Command) => Promise<unknown> {
  const remembered = new Map<string, Remembered>();
  let refusedUntilUnixMs = clock.wallMs();

  function forgetOld(): void {
    const oldestMs = clock.monotonicMs() - REMEMBERED_FOR_MS;
    for (const [id, entry] of remembered) {
      if (entry.atMs >= oldestMs && remembered.size < MAX_REMEMBERED) break;
      remembered.delete(id);
      refusedUntilUnixMs = Math.max(refusedUntilUnixMs, (uuidV7TimeMs(id) ?? 0) + 1);
    }
  }

  return (id, command) => {
    // Reading has no effect that could happen twice.
    if (COMMAND_ROLES[command.name] === 'view') return execute(command);
    const text = canonicalJson(command);
    const known = remembered.get(id);
    if (known) {
      return known.command === text ? known.result : Promise.reject(refusedId('was used for another command before'));
    }
    const timeMs = uuidV7TimeMs(id);
    if (timeMs === undefined) return Promise.reject(refusedId('is no UUID of version 7'));
    // The id's time has whole milliseconds.
    if (timeMs < Math.floor(refusedUntilUnixMs)) {
      return Promise.reject(refusedId('is older than what the engine remembers: it may have taken effect'));
    }
    forgetOld();
    const result = execute(command);
    remembered.set(id, { command: text, atMs: clock.monotonicMs(), result });
    return result;
  };
}

function refusedId(why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_COMMAND_ID_REFUSED',
    `The command's id ${why}; nothing was done.`,
    'Look at the engine state, then give the command again with a new id.',
  );
}
