import { randomInt, randomUUID } from 'node:crypto';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { PendingCode } from '../../ipc/mode-schema.ts';
import { wordsIn } from '../../text/words.ts';
import type { CodeEntry, ConfirmRequest } from '../ports.ts';
import { sameSecret } from './access.ts';

export const CODE_VALID_MS = 60_000;
export const CODE_TRIES = 3;
const CODE_DIGITS = 6;
/** After a question ended by wrong codes the next must wait, so that guessing through many questions leads nowhere. */
const LOCK_BASE_MS = 60_000;
const LOCK_MAX_MS = 15 * 60_000;

export interface TerminalConfirmOptions {
  print(line: string): void;
  clock: {
    /** Unix ms. */
    now(): number;
    /** Calls once after `ms`; returns how to cancel it. */
    after(ms: number, callback: () => void): () => void;
  };
}

export interface TerminalConfirm {
  /** @throws HalfspreadError HS_CONFIRM_BUSY, HS_CONFIRM_LOCKED, HS_CONFIRM_EXPIRED, HS_CONFIRM_WRONG_CODE */
  confirm(request: ConfirmRequest): Promise<boolean>;
  codes: CodeEntry;
}

interface Question {
  pending: PendingCode;
  code: string;
  answer: PromiseWithResolvers<boolean>;
  cancelTimer(): void;
}

/**
 * Confirming in the browser shell: the terminal says what is asked and shows a code, the person types it into the window.
 * A page that was taken over can ask, but it cannot read the terminal.
 */
export function createTerminalConfirm({ print, clock }: TerminalConfirmOptions): TerminalConfirm {
  let question: Question | undefined;
  let onChange: (pending: PendingCode | undefined) => void = () => undefined;
  /** Questions in a row that ended by wrong codes. */
  let failures = 0;
  let lockedUntilMs = Number.NEGATIVE_INFINITY;

  function end(how: (answer: PromiseWithResolvers<boolean>) => void): void {
    if (!question) return;
    const { answer, cancelTimer } = question;
    question = undefined;
    cancelTimer();
    onChange(undefined);
    how(answer);
  }

  function current(id: string): Question {
    if (question?.pending.id === id) return question;
    throw new HalfspreadError(
      'HS_CONFIRM_OVER',
      'This question is over; nothing was confirmed.',
      'Start again: a new code is printed in the terminal.',
    );
  }

  function onWrongCode({ pending, code, answer, cancelTimer }: Question): void {
    const triesLeft = pending.triesLeft - 1;
    if (triesLeft > 0) {
      question = { pending: { ...pending, triesLeft }, code, answer, cancelTimer };
      return onChange(question.pending);
    }
    failures += 1;
    const lockMs = Math.min(LOCK_MAX_MS, LOCK_BASE_MS * 2 ** Math.min(failures - 1, 10));
    lockedUntilMs = clock.now() + lockMs;
    end(({ reject }) =>
      reject(
        new HalfspreadError(
          'HS_CONFIRM_WRONG_CODE',
          `The code was wrong ${CODE_TRIES} times; nothing was confirmed.`,
          `Start again in ${lockMs / 1000} s: a new code is printed in the terminal.`,
        ),
      ),
    );
  }

  return {
    confirm(request) {
      if (question) return Promise.reject(busy());
      if (clock.now() < lockedUntilMs) return Promise.reject(locked(lockedUntilMs - clock.now()));
      const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
      const pending = {
        id: randomUUID(),
        title: request.title,
        triesLeft: CODE_TRIES,
        expiresAt: clock.now() + CODE_VALID_MS,
      };
      const answer = Promise.withResolvers<boolean>();
      const cancelTimer = clock.after(CODE_VALID_MS, () => end(({ reject }) => reject(expired())));
      question = { pending, code, answer, cancelTimer };
      request.signal?.addEventListener('abort', () => {
        if (question?.pending.id === pending.id) end(({ resolve }) => resolve(false));
      });
      const { text } = wordsIn(request.language);
      print('');
      print(request.title);
      for (const line of request.lines) print(`  ${line}`);
      print(text('arm.code.terminal', { seconds: CODE_VALID_MS / 1000, code }));
      onChange(pending);
      return answer.promise;
    },
    codes: {
      onChange: (listener) => void (onChange = listener),
      pending: () => question?.pending,
      enter(id, code) {
        const asked = current(id);
        if (!sameSecret(code, asked.code)) {
          onWrongCode(asked);
          return false;
        }
        failures = 0;
        end(({ resolve }) => resolve(true));
        return true;
      },
      cancel(id) {
        current(id);
        end(({ resolve }) => resolve(false));
      },
    },
  };
}

function busy(): HalfspreadError {
  return new HalfspreadError(
    'HS_CONFIRM_BUSY',
    'Another question waits for its code; nothing was done.',
    'Answer or cancel that one first.',
  );
}

function locked(waitMs: number): HalfspreadError {
  return new HalfspreadError(
    'HS_CONFIRM_LOCKED',
    'Wrong codes were typed before; nothing was done.',
    `Try again in ${Math.ceil(waitMs / 1000)} s.`,
  );
}

function expired(): HalfspreadError {
  return new HalfspreadError(
    'HS_CONFIRM_EXPIRED',
    `The code was not typed within ${CODE_VALID_MS / 1000} s; nothing was done.`,
    'Start again: a new code is printed in the terminal.',
  );
}
