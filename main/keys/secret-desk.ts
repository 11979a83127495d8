import { createHash, randomUUID } from 'node:crypto';
import { HalfspreadError, type WireError } from '../../engine/protocol/errors.ts';
import type { SecretPrompt } from '../ipc/key-schema.ts';
import type { Language } from '../ipc/schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { AskSecret, SecretSource } from '../shell/ports.ts';

/** Time to find the key and bring it here. */
export const ANSWER_LIMIT_MS = 5 * 60_000;
/** Nothing a person hands over is longer; what is, is no secret of ours. */
const MAX_TYPED_CHARS = 4_096;
const FINGERPRINT_CHARS = 8;

export interface SecretDeskOptions {
  source: SecretSource;
  /** Of the window: what the shell asks beside it is in the same. */
  language(): Language;
  /** A prompt began, changed or ended: read `state()`. */
  onChange(): void;
  limitMs?: number;
}

/** The one place secrets are asked for: one at a time, shown in the window, answered past it. */
export interface SecretDesk {
  ask: AskSecret;
  state(): SecretPrompt | undefined;
  handlers: Pick<IpcHandlers, 'secret.read' | 'secret.accept' | 'secret.cancel'>;
  /** Cancels what is asked for. */
  stop(): void;
}

interface Pending {
  prompt: SecretPrompt;
  /** Read from the clipboard, waiting for the person's yes. */
  held: string | undefined;
  read: Parameters<AskSecret>[0]['read'];
  end(outcome: { secret: string } | 'cancelled' | 'timeOver'): void;
}

export function createSecretDesk({
  source,
  language,
  onChange,
  limitMs = ANSWER_LIMIT_MS,
}: SecretDeskOptions): SecretDesk {
  let pending: Pending | undefined;

  const ask: AskSecret = ({ title, detail, kind, read, signal }) => {
    if (pending) return Promise.reject(busy());
    if (signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const prompt: SecretPrompt = {
        id: randomUUID(),
        title,
        detail,
        kind,
        ways: source.ways(),
        until: Date.now() + limitMs,
      };
      const onAbort = () => end('cancelled');
      const timeout = setTimeout(() => end('timeOver'), limitMs);
      signal?.addEventListener('abort', onAbort);
      const end: Pending['end'] = (outcome) => {
        if (pending !== mine) return;
        pending = undefined;
        clearTimeout(timeout);
        signal?.removeEventListener('abort', onAbort);
        listening.end(typeof outcome === 'string' ? outcome : 'taken');
        onChange();
        if (outcome === 'timeOver') reject(timeOver(limitMs));
        else resolve(outcome === 'cancelled' ? undefined : outcome.secret);
      };
      const mine: Pending = { prompt, held: undefined, read, end };
      pending = mine;
      const listening = source.listen(prompt, { offer, cancel: () => end('cancelled') });
      onChange();
    });
  };

  /** @returns why it was not taken */
  function check(to: Pending, typed: string): { secret: string } | { refused: WireError } {
    if (typed.length <= MAX_TYPED_CHARS) return to.read(typed);
    return { refused: tooLong() };
  }

  function offer(typed: string): WireError | undefined {
    if (!pending) return notAsked().toWire;
    const result = check(pending, typed);
    if ('secret' in result) {
      pending.end(result);
      return undefined;
    }
    change({ refused: result.refused });
    return result.refused;
  }

  function change(next: Pick<SecretPrompt, 'received' | 'refused'>): void {
    if (!pending) return;
    const { received: _received, refused: _refused, ...rest } = pending.prompt;
    pending.prompt = { ...rest, ...next };
    onChange();
  }

  function mineById(id: string): Pending {
    if (pending?.prompt.id !== id) throw notAsked().error;
    return pending;
  }

  /** Of a passphrase, which can be guessed, a hash would let the window try guesses: it gets the length alone. */
  async function readClipboard(mine: Pending): Promise<void> {
    const copied = await source.takeClipboard?.(mine.prompt, language());
    if (pending !== mine || copied === undefined) return;
    const result = check(mine, copied);
    mine.held = 'secret' in result ? result.secret : undefined;
    if ('refused' in result) return change({ refused: result.refused });
    const { secret } = result;
    const fingerprint = createHash('sha256').update(secret).digest('hex').slice(0, FINGERPRINT_CHARS);
    change({ received: { length: secret.length, ...(mine.prompt.kind === 'key' && { fingerprint }) } });
  }

  return {
    ask,
    state: () => pending?.prompt,
    handlers: {
      async 'secret.read'({ id }) {
        await readClipboard(mineById(id));
        return {};
      },
      'secret.accept'({ id }) {
        const mine = mineById(id);
        if (mine.held === undefined) throw nothingRead();
        mine.end({ secret: mine.held });
        return {};
      },
      'secret.cancel'({ id }) {
        mineById(id).end('cancelled');
        return {};
      },
    },
    stop: () => pending?.end('cancelled'),
  };
}

function busy(): HalfspreadError {
  return new HalfspreadError(
    'HS_SECRET_BUSY',
    'Halfspread is asking for another secret already.',
    'Answer or cancel that one first.',
  );
}

function timeOver(limitMs: number): HalfspreadError {
  return new HalfspreadError(
    'HS_SECRET_TIME',
    `Nobody handed the secret over within ${limitMs / 60_000} minutes; nothing was changed.`,
    'Start again when you have it at hand.',
  );
}

function notAsked(): { error: HalfspreadError; toWire: WireError } {
  const error = new HalfspreadError(
    'HS_SECRET_NOT_ASKED',
    'This secret is not asked for any more; what was handed over was thrown away.',
    'Start again in the window.',
  );
  return { error, toWire: { code: error.code, message: error.message, remedy: error.remedy } };
}

function nothingRead(): HalfspreadError {
  return new HalfspreadError('HS_SECRET_NOTHING', 'Nothing was read yet.', 'Copy the secret, then read the clipboard.');
}

function tooLong(): WireError {
  return {
    code: 'HS_SECRET_LENGTH',
    message: 'This is far too long for a key or a passphrase.',
    remedy: 'Copy the secret alone and try again.',
  };
}
