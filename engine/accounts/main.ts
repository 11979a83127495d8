/**
 * The accounts program: one request from its parent (descriptor 3, or Electron's first message), one answer line on
 * standard output, then its end. Neither is logged: both may hold keys.
 */
import { onParentGone, readHandover } from '../agent/parent.ts';
import { createNodeEnv } from '../node-env.ts';
import { accountsAnswerSchema } from '../protocol/accounts.ts';
import { toWireError } from '../protocol/errors.ts';
import type { z } from 'zod';
import { readRequest, requestFromNobody } from './request.ts';
import { runAccountsTask } from './run-task.ts';
import { withoutSecrets } from './secrets.ts';

type Answer = z.infer<typeof accountsAnswerSchema>;

const EXIT_PARENT_GONE = 1;

let handover: unknown;
onParentGone(() => process.exit(EXIT_PARENT_GONE));
// An answer in every case: an uncaught error's stack on standard error could quote a key.
process.on('uncaughtException', (error) => answer(failure(error)));
answer(await carryOut());

async function carryOut(): Promise<Answer> {
  try {
    handover = await readHandover();
  } catch {
    // The cause may quote the line.
    return failure(requestFromNobody());
  }
  try {
    return { ok: true, result: await runAccountsTask(createNodeEnv(), readRequest(handover)) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Answer {
  const { code, message, remedy } = toWireError(error);
  return {
    ok: false,
    error: { code, message: withoutSecrets(message, handover), remedy: withoutSecrets(remedy, handover) },
  };
}

function answer(value: Answer): void {
  process.stdout.write(`${JSON.stringify(value)}\n`, () => process.exit(0));
}
