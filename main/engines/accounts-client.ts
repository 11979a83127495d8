import type { z } from 'zod';
import {
  accountsAnswerSchema,
  accountsResultSchemas,
  type AccountsRequest,
  type AccountsResult,
  type AccountsTask,
} from '../../engine/protocol/accounts.ts';
import { HalfspreadError, fromWireError } from '../../engine/protocol/errors.ts';
import type { ChildHandle, ProcessLauncher } from './launcher.ts';

/** The program bounds itself to 20 s for a probe, 40 s for the rest; this is for one that hangs. */
const DEFAULT_TIMEOUT_MS = 45_000;
/** Electron may report a child's end before the last of its output. */
const LATE_LINE_MS = 500;
/** A program that answered ends by itself, one that is ended ends at once; this is how long either may take. */
const END_MS = 1_000;

export interface AskAccountsOptions {
  timeoutMs?: number;
  /** Aborting ends the program; what a request that makes or revokes a key had done by then is unknown. */
  signal?: AbortSignal;
}

/** By task, so that one call with a generic task keeps its result's type. */
const resultSchemas: { [Task in AccountsTask]: z.ZodType<AccountsResult<Task>> } = accountsResultSchemas;

/**
 * Runs the accounts program for one request and resolves with its checked result. The request travels by descriptor 3 or
 * `parentPort`, never in argv; what the program prints on standard output may hold a new key and is never logged.
 * @param script Programs.accounts
 * @throws HalfspreadError with the program's own code (HS_PARADEX_..., HS_VEST_..., HS_VENUE_...), HS_ACCOUNTS_ABORTED,
 * HS_ACCOUNTS_TIMEOUT, HS_ACCOUNTS_PROGRAM (it could not run, or its answer cannot be read)
 */
export function askAccounts<Task extends AccountsTask>(
  launcher: ProcessLauncher,
  script: string,
  request: AccountsRequest & { task: Task },
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: AskAccountsOptions = {},
): Promise<AccountsResult<Task>> {
  const { task }: { task: Task } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(aborted(task));
      return;
    }
    let isSettled = false;
    let hasEnded = false;
    let endTimer: NodeJS.Timeout | undefined;
    const settle = (decide: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timeout);
      signal?.removeEventListener('abort', onAbort);
      decide();
    };
    const giveUp = (error: HalfspreadError): void => {
      settle(() => reject(error));
      child.terminate();
      endSoon();
    };
    const endSoon = (): void => {
      if (!hasEnded) endTimer = setTimeout(() => child.kill(), END_MS);
    };
    const onAbort = (): void => giveUp(aborted(task));
    const timeout = setTimeout(() => giveUp(timedOut(task, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', onAbort);
    const child: ChildHandle = launcher(
      { name: 'accounts', script, args: [], handover: request },
      {
        onStdoutLine(line) {
          settle(() => {
            try {
              resolve(readAnswer(task, line));
            } catch (error) {
              reject(error);
            }
            endSoon();
          });
        },
        // Its notices are for a person who runs it by hand; errors come in the answer.
        onStderrLine: () => undefined,
        onExit(code, signalName, startError) {
          hasEnded = true;
          clearTimeout(endTimer);
          const how = startError
            ? `${startError.message}.`
            : `it ended with ${signalName ?? `code ${code}`} and gave no answer.${leftOpen(task)}`;
          // A program that answered ends with code 0.
          setTimeout(() => settle(() => reject(programFailed(how))), code === 0 ? LATE_LINE_MS : 0);
        },
      },
    );
  });
}

/** @throws HalfspreadError the program's own, or HS_ACCOUNTS_PROGRAM. */
function readAnswer<Task extends AccountsTask>(task: Task, line: string): AccountsResult<Task> {
  const answer = accountsAnswerSchema.safeParse(parseJson(line));
  if (!answer.success) throw programFailed(`its answer cannot be read.${leftOpen(task)}`);
  if (!answer.data.ok) throw fromWireError(answer.data.error);
  const result = resultSchemas[task].safeParse(answer.data.result);
  // The schema's issues could quote a key: they are not carried on.
  if (!result.success) throw programFailed(`its result does not fit the schema.${leftOpen(task)}`);
  return result.data;
}

/** Undefined when it is none: the parser's error would quote the line. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function programFailed(how: string): HalfspreadError {
  return new HalfspreadError(
    'HS_ACCOUNTS_PROGRAM',
    `The program that asks the venues about accounts failed: ${how}`,
    'Try again; build Halfspread anew (npm run build) if it stays like this.',
  );
}

function timedOut(task: AccountsTask, timeoutMs: number): HalfspreadError {
  return new HalfspreadError(
    'HS_ACCOUNTS_TIMEOUT',
    `The venue was asked for ${timeoutMs / 1000} s without an end; the request was ended.${leftOpen(task)}`,
    'Check the line and the address, then try again.',
  );
}

function aborted(task: AccountsTask): HalfspreadError {
  return new HalfspreadError(
    'HS_ACCOUNTS_ABORTED',
    `The request was stopped before the venue had answered.${leftOpen(task)}`,
    'Start it again when you like.',
  );
}

/** What a request that was cut off may have changed at the venue. */
function leftOpen(task: AccountsTask): string {
  switch (task) {
    case 'probe':
    case 'paradex.test':
    case 'vest.test':
      return ' It only reads, so nothing changed.';
    case 'paradex.makeSubkey':
      return ' Whether the subkey was registered is unknown; its private key is gone, so nobody can use it.';
    case 'vest.register':
      return ' Whether the signing key was registered is unknown; its private key is gone, so nobody can use it.';
    case 'paradex.revokeSubkey':
      return ' Whether the subkey still works is unknown: test it.';
  }
}
