import { request } from 'undici';
import { errorMessage, HalfspreadError } from '../../../engine/protocol/errors.ts';

export interface CloudRequest {
  /** "Hetzner": begins the sentences of errors. */
  title: string;
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Reads only, so it may be sent again when no answer came. */
  repeatable: boolean;
  signal?: AbortSignal | undefined;
}

export interface CloudAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON; undefined for an empty body. */
  body: unknown;
}

const TIMEOUT_MS = 20_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const READ_TRIES = 3;
const RETRY_AFTER_MS = 500;

/**
 * One call to a cloud's API. A read that got no answer, or a 5xx, is tried three times; nothing else is ever sent twice:
 * the caller looks what exists first.
 * @throws HalfspreadError HS_CLOUD_UNREACHABLE, HS_CLOUD_ANSWER (not JSON)
 */
export async function callCloud(call: CloudRequest): Promise<CloudAnswer> {
  for (let attempt = 1; ; attempt++) {
    const mayRetry = call.repeatable && attempt < READ_TRIES && !call.signal?.aborted;
    try {
      const answer = await once(call);
      if (answer.status < 500 || !mayRetry) return answer;
    } catch (error) {
      if (!mayRetry || (error instanceof HalfspreadError && error.code !== 'HS_CLOUD_UNREACHABLE')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, attempt * RETRY_AFTER_MS));
  }
}

async function once({ title, method, url, headers, body, signal }: CloudRequest): Promise<CloudAnswer> {
  const bounded = signal ? AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) : AbortSignal.timeout(TIMEOUT_MS);
  let answer: Awaited<ReturnType<typeof request>>;
  let text: string;
  try {
    answer = await request(url, { method, headers, body: body ?? null, signal: bounded });
    text = await readBounded(answer.body, title);
  } catch (cause) {
    if (cause instanceof HalfspreadError) throw cause;
    signal?.throwIfAborted();
    throw new HalfspreadError(
      'HS_CLOUD_UNREACHABLE',
      `${title} did not answer (${errorMessage(cause)}); whether the request took effect is not known.`,
      'Check this machine’s connection, then resume: what was made already is found and taken up.',
      { cause },
    );
  }
  return { status: answer.statusCode, headers: answer.headers, body: parse(text, title, answer.statusCode) };
}

async function readBounded(body: AsyncIterable<Buffer>, title: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw unreadable(title, `more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string, title: string, status: number): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(title, `HTTP ${status} and no JSON`, cause);
  }
}

export function unreadable(title: string, what: string, cause?: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_CLOUD_ANSWER',
    `${title} answered in a form this version does not know (${what}).`,
    'Look at the provider’s status page; if all is well there, update Halfspread, or use a server you have already.',
    { cause },
  );
}

/** How long the provider asks to wait, ms; from `Retry-After` (seconds) or `RateLimit-Reset` (Unix seconds). */
export function waitAskedMs(headers: CloudAnswer['headers'], nowMs: number): number | undefined {
  const retryAfter = Number(headers['retry-after']);
  if (Number.isFinite(retryAfter) && retryAfter >= 0) return retryAfter * 1000;
  const reset = Number(headers['ratelimit-reset']);
  return Number.isFinite(reset) && reset > 0 ? Math.max(0, reset * 1000 - nowMs) : undefined;
}

/** Errors that mean the same at every provider. */
export const cloudErrors = {
  token: (title: string, said: string): HalfspreadError =>
    new HalfspreadError(
      'HS_CLOUD_TOKEN',
      `${title} does not accept the access given (${said}). Nothing was made.`,
      'Make a new token (it may have expired or been deleted), then enter it again.',
    ),
  readOnly: (title: string, said: string): HalfspreadError =>
    new HalfspreadError(
      'HS_CLOUD_READ_ONLY',
      `The access given to ${title} may read but not make servers (${said}). Nothing was made.`,
      'Make a token that may read and write, or add the actions named in the documentation to its policy.',
    ),
  regionFull: (title: string, said: string): HalfspreadError =>
    new HalfspreadError(
      'HS_CLOUD_REGION_FULL',
      `${title} has no room for this plan in this region now (${said}). No server was made.`,
      'Choose another plan or region.',
    ),
  limit: (title: string, said: string): HalfspreadError =>
    new HalfspreadError(
      'HS_CLOUD_LIMIT',
      `${title} refuses one more server for this account (${said}). No server was made.`,
      'Delete a server you do not need, or ask the provider to raise the limit.',
    ),
  rate: (title: string, waitMs: number | undefined): HalfspreadError =>
    new HalfspreadError(
      'HS_CLOUD_RATE',
      `${title} asks to wait${waitMs === undefined ? '' : ` ${Math.ceil(waitMs / 1000)} s`}: too many requests.`,
      'Wait, then resume: what was made already is found and taken up.',
    ),
  refused: (title: string, said: string): HalfspreadError =>
    new HalfspreadError(
      'HS_CLOUD_REFUSED',
      `${title} refused the request (${said}).`,
      'Read what the provider says; choose another plan, region or image, or use a server you have already.',
    ),
};
