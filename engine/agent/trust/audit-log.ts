import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AppendFile, Env } from '../../env.ts';
import { errorMessage } from '../../core/errors.ts';
import type { AuditRecord } from '../session.ts';

const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** The file in use and those before it: at most 20 MiB. */
const KEPT_FILES = 5;
/** Refusals of strangers written one by one in each second; the rest of the second becomes one line with its count. */
const REFUSALS_PER_SECOND = 20;

export interface AuditLog {
  write(record: AuditRecord): void;
  /** Resolves when everything written before is on disk. */
  close(): Promise<void>;
}

export interface AuditLimits {
  maxFileBytes: number;
  keptFiles: number;
}

/**
 * Append-only record of who came, what was refused and what was commanded: `<folder>/audit.jsonl`, then `.1` to `.4`.
 * A flood of refusals is counted instead of written line by line, so that it neither fills the disk nor hides the rest.
 * @throws HalfspreadError HS_DISK when the file cannot be opened
 */
export async function openAuditLog(
  folder: string,
  env: Pick<Env, 'clock' | 'disk' | 'timers'>,
  onProblem: (message: string) => void,
  limits: AuditLimits = { maxFileBytes: MAX_FILE_BYTES, keptFiles: KEPT_FILES },
): Promise<AuditLog> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'audit.jsonl');
  let file: AppendFile = await env.disk.openAppend(path);
  let bytes = statSync(path).size;
  let queue: Promise<void> = Promise.resolve();
  let refusalsThisSecond = 0;
  let suppressed = 0;

  const stopSecond = env.timers.every(1_000, () => {
    refusalsThisSecond = 0;
    if (suppressed === 0) return;
    const count = suppressed;
    suppressed = 0;
    put({ event: 'refused', detail: 'further refusals in one second, not listed', count });
  });

  function put(record: AuditRecord): void {
    const line = `${JSON.stringify({ at: Math.round(env.clock.wallMs()), ...record })}\n`;
    const lineBytes = Buffer.byteLength(line);
    queue = queue
      .then(async () => {
        if (bytes + lineBytes > limits.maxFileBytes) await rotate();
        bytes += lineBytes;
        file.append(line);
      })
      .catch((error: unknown) => onProblem(errorMessage(error)));
  }

  async function rotate(): Promise<void> {
    await file.close();
    rmSync(numbered(path, limits.keptFiles - 1), { force: true });
    for (let age = limits.keptFiles - 2; age >= 0; age -= 1) {
      if (exists(numbered(path, age))) renameSync(numbered(path, age), numbered(path, age + 1));
    }
    file = await env.disk.openAppend(path);
    bytes = 0;
  }

  return {
    write(record) {
      if (record.event === 'refused') {
        refusalsThisSecond += 1;
        if (refusalsThisSecond > REFUSALS_PER_SECOND) {
          suppressed += 1;
          return;
        }
      }
      put(record);
    },
    async close() {
      stopSecond();
      if (suppressed > 0) put({ event: 'refused', detail: 'further refusals, not listed', count: suppressed });
      await queue;
      await file.sync();
      await file.close();
    },
  };
}

function numbered(path: string, age: number): string {
  return age === 0 ? path : `${path}.${age}`;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
