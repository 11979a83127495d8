import { HalfspreadError } from '../../../engine/protocol/errors.ts';

/**
 * One word for a POSIX shell: whatever it holds, the shell hands on exactly this text. Null bytes and line ends are
 * refused: no argument of ours has them, and a shell cannot carry the former.
 * @throws HalfspreadError HS_DEPLOY_QUOTE
 */
export function shellQuote(word: string): string {
  if (/[\0\n\r]/.test(word)) {
    throw new HalfspreadError(
      'HS_DEPLOY_QUOTE',
      `${JSON.stringify(word.slice(0, 80))} cannot be given to a remote command: it holds a line end or a null byte.`,
      'Take the line end out of the value.',
    );
  }
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line of quoted words. */
export function shellCommand(words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z0-9_/.:=-]+$/.test(word) ? word : shellQuote(word))).join(' ');
}
