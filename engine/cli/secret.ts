import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import type { z } from 'zod';
import { HalfspreadError, errorMessage } from '../core/errors.ts';
import type { WindowRuntime } from '../protocol/launch.ts';
import {
  SECRET_PATH,
  pendingSecretSchema,
  secretOutcomeSchema,
  typeHidden,
  type PendingSecret,
  type SecretOutcome,
} from '../protocol/secret-prompt.ts';
import { EXIT, printJson, say } from './output.ts';
import { readWindowRuntime, windowNotRunning } from './window.ts';

const ANSWER_TIMEOUT_MS = 5_000;
const LOOK_AGAIN_MS = 250;

/**
 * `halfspread secret`: reads the secret the window asks for and hands it over. A terminal may try again when it was refused; a
 * pipe gives one line.
 * @returns the exit code
 * @throws HalfspreadError HS_NOT_RUNNING, HS_SECRET_NOT_ASKED, HS_SECRET_EMPTY
 */
export async function secretCommand(options: { wait?: number; json: boolean }): Promise<number> {
  const runtime = await readWindowRuntime();
  const prompt = await pendingPrompt(runtime, options.wait ?? 0);
  say(`Halfspread asks for: ${prompt.title}`);
  say(prompt.detail);
  for (;;) {
    const secret = await readSecret();
    if (secret === undefined) {
      say('Cancelled here; the window still asks for it.');
      return EXIT.failed;
    }
    const { refused } = await hand(runtime, prompt.id, secret);
    if (!refused) {
      say('It was taken; the window goes on with it.');
      if (options.json) printJson({ taken: true });
      return EXIT.ok;
    }
    const mayTryAgain = process.stdin.isTTY && refused.code !== 'HS_SECRET_NOT_ASKED';
    if (!mayTryAgain) throw new HalfspreadError(familyCode(refused.code), refused.message, refused.remedy);
    say(`${refused.message} ${refused.remedy}`);
  }
}

async function pendingPrompt(runtime: WindowRuntime, waitMs: number): Promise<NonNullable<PendingSecret['prompt']>> {
  const giveUpAt = performance.now() + waitMs;
  for (;;) {
    const { prompt } = await speak(runtime, pendingSecretSchema);
    if (prompt) return prompt;
    if (performance.now() >= giveUpAt) throw notAsked();
    await delay(LOOK_AGAIN_MS);
  }
}

function hand(runtime: WindowRuntime, id: string, secret: string): Promise<SecretOutcome> {
  return speak(runtime, secretOutcomeSchema, JSON.stringify({ id, secret }));
}

async function speak<Schema extends z.ZodType>(
  runtime: WindowRuntime,
  schema: Schema,
  body?: string,
): Promise<z.infer<Schema>> {
  try {
    const answer = await request(`${runtime.origin}${SECRET_PATH}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${runtime.secret}`, 'content-type': 'application/json' },
      headersTimeout: ANSWER_TIMEOUT_MS,
      ...(body !== undefined && { body }),
    });
    return schema.parse(await answer.body.json());
  } catch (cause) {
    throw windowNotRunning(`its address ${runtime.origin} does not answer (${errorMessage(cause)})`, undefined);
  }
}

/** Undefined: the person gave up. */
async function readSecret(): Promise<string | undefined> {
  const { stdin } = process;
  if (!stdin.isTTY) {
    for await (const line of createInterface({ input: stdin })) return line;
    throw new HalfspreadError(
      'HS_SECRET_EMPTY',
      'Nothing came on standard input.',
      'Run it in a terminal and type, or pipe one line into it.',
    );
  }
  say('Type or paste it and press Enter; nothing of it is shown. Ctrl-C: cancel.');
  const line = { typed: '' };
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').resume();
  try {
    return await new Promise<string | undefined>((resolve) => {
      stdin.on('data', function take(chunk: string | Buffer) {
        const end = typeHidden(line, chunk.toString());
        if (end === undefined) return;
        stdin.off('data', take);
        resolve(end === 'cancelled' ? undefined : end.line);
      });
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
  }
}

function notAsked(): HalfspreadError {
  return new HalfspreadError(
    'HS_SECRET_NOT_ASKED',
    'The window asks for no secret.',
    'Start in the window first ("Risk and keys"), or wait for it here: halfspread secret --wait 60s.',
  );
}

function familyCode(code: string): `HS_${string}` {
  return code.startsWith('HS_') ? `HS_${code.slice(3)}` : 'HS_INTERNAL';
}
