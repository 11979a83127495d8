/**
 * How a secret comes from a terminal to the window that asks for it (`halfspread secret`): over the window's loopback server,
 * with the secret of window.json as the bearer. Pure schemas, and the hidden line both sides read with.
 */
import { z } from 'zod';
import { errorSchema } from './messages.ts';

/** `GET` tells what is asked for, `POST` hands it over. */
export const SECRET_PATH = '/secret';
/** Of a POST: a passphrase of every length anybody types, and its escapes. */
export const MAX_SECRET_BODY_BYTES = 32 * 1024;

export const pendingSecretSchema = z.strictObject({
  /** Absent: nothing is asked for. */
  prompt: z
    .strictObject({
      id: z.uuid(),
      /** English, for the terminal. */
      title: z.string(),
      detail: z.string(),
      /** Unix ms. */
      until: z.number(),
    })
    .optional(),
});
export type PendingSecret = z.infer<typeof pendingSecretSchema>;

export const handedSecretSchema = z.strictObject({ id: z.uuid(), secret: z.string() });
export const secretOutcomeSchema = z.strictObject({
  /** Absent: it was taken. */
  refused: errorSchema.optional(),
});
export type SecretOutcome = z.infer<typeof secretOutcomeSchema>;

/** What a person typed so far into a terminal that shows nothing of it. */
export interface HiddenLine {
  typed: string;
}

export type HiddenLineEnd = { line: string } | 'cancelled' | undefined;

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const ESCAPE = '\u001b';
const MAX_CHARS = 8_192;

/**
 * Takes what a terminal in raw mode sent. Enter ends the line; Backspace, Ctrl-U edit it; Ctrl-C, and Ctrl-D on an empty
 * line, give up; marks around pasted text and other escape sequences are dropped.
 * @returns how it ended; characters after that are dropped
 */
export function typeHidden(line: HiddenLine, chunk: string): HiddenLineEnd {
  for (const char of withoutEscapes(chunk)) {
    switch (char) {
      case '\r':
      case '\n':
        return { line: line.typed };
      case CTRL_C:
        return 'cancelled';
      case CTRL_D:
        if (line.typed === '') return 'cancelled';
        break;
      case CTRL_U:
        line.typed = '';
        break;
      case '\b':
      case '\u007f':
        line.typed = [...line.typed].slice(0, -1).join('');
        break;
      default:
        if (char >= ' ' && line.typed.length < MAX_CHARS) line.typed += char;
    }
  }
  return undefined;
}

function withoutEscapes(chunk: string): string {
  return chunk.replaceAll(new RegExp(`${ESCAPE}(\\[[0-?]*[ -/]*[@-~]|O.|.)?`, 'g'), '');
}
