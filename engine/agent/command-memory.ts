import { createHash } from 'node:crypto';
import type { Clock } from '../env.ts';
import { HalfspreadError } from '../core/errors.ts';
import { canonicalJson } from '../protocol/canonical.ts';
import { COMMAND_ROLES, type Command } from '../protocol/messages.ts';
import { uuidV7TimeMs } from '../protocol/uuid-v7.ts';

const REMEMBERED_FOR_MS = 24 * 3_600_000;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  /** SHA-256: a command may be large, and may be sealed. */
  hash: string;
  atMs: number;
  result: Promise<unknown>;
}

/** Ids that outlive the process: what an agent on a server keeps on its disk (command-log.ts). */
export interface DurableIds {
  /** Whether the id was given before this start. */
  has(id: string): boolean;
  /** Resolves once the id is on disk: before the command takes effect. */
  add(id: string): Promise<void>;
}

/**
 * Gives each command its effect once: the same id again gets the same answer for 24 hours. What is no longer
 * remembered can not take effect a second time either, because an id carries its time: ids older than the newest
 * forgotten one are refused. Ids of before this start are refused as well: on the local carrier, where both sides have one
 * clock, by their time; with `durable` by their having been written down, so that no clock takes part.
 */
export function createCommandMemory(
  clock: Clock,
  execute: (command: Command, deviceId: string) => Promise<unknown>,
  durable?: DurableIds,
): (id: string, command: Command, deviceId?: string) => Promise<unknown> {
  const remembered = new Map<string, Remembered>();
  let refusedUntilUnixMs = durable ? 0 : clock.wallMs();

  function forgetOld(): void {
    const oldestMs = clock.monotonicMs() - REMEMBERED_FOR_MS;
    for (const [id, entry] of remembered) {
      if (entry.atMs >= oldestMs && remembered.size < MAX_REMEMBERED) break;
      remembered.delete(id);
      refusedUntilUnixMs = Math.max(refusedUntilUnixMs, (uuidV7TimeMs(id) ?? 0) + 1);
    }
  }

  async function executeDurably(id: string, command: Command, deviceId: string): Promise<unknown> {
    await durable?.add(id);
    return execute(command, deviceId);
  }

  return (id, command, deviceId = '') => {
    // Reading has no effect that could happen twice.
    if (COMMAND_ROLES[command.name] === 'view') return execute(command, deviceId);
    const hash = createHash('sha256').update(canonicalJson(command)).digest('base64');
    const known = remembered.get(id);
    if (known) {
      return known.hash === hash ? known.result : Promise.reject(refusedId('was used for another command before'));
    }
    const timeMs = uuidV7TimeMs(id);
    if (timeMs === undefined) return Promise.reject(refusedId('is no UUID of version 7'));
    // The id's time has whole milliseconds.
    if (timeMs < Math.floor(refusedUntilUnixMs) || durable?.has(id)) {
      return Promise.reject(refusedId('is older than what the engine remembers: it may have taken effect'));
    }
    forgetOld();
    const result = durable ? executeDurably(id, command, deviceId) : execute(command, deviceId);
    remembered.set(id, { hash, atMs: clock.monotonicMs(), result });
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
