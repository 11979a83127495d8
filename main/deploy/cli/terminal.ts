import { createInterface } from 'node:readline';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';

/** Progress and remarks for a person; never on standard output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One line of JSON on standard output: the only thing a `--json` command writes there. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

let pipedLines: AsyncIterator<string> | undefined;

/**
 * A secret from the terminal, which shows nothing of it; without a terminal the next line of standard input.
 * @throws HalfspreadError HS_DEPLOY_NO_SECRET when there is none
 */
export async function askSecret(what: string): Promise<string> {
  const text = isTerminal() ? await readHidden(`${what}: `) : await nextPipedLine();
  if (text !== undefined && text !== '') return text;
  throw new HalfspreadError(
    'HS_DEPLOY_NO_SECRET',
    `No ${what} was given.`,
    'Type it when asked, or write it as a line to standard input.',
  );
}

/** What the person typed. Terminal only. */
export function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(''));
    lines.question(question, (answer) => {
      resolve(answer.trim());
      lines.close();
    });
  });
}

async function nextPipedLine(): Promise<string | undefined> {
  pipedLines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { value, done } = await pipedLines.next();
  return done ? undefined : value;
}

function readHidden(prompt: string): Promise<string> {
  const { stdin } = process;
  // First: what is typed as soon as the prompt is there must not be shown.
  stdin.setRawMode(true);
  process.stderr.write(prompt);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve) => {
    let text = '';
    const end = (result: string) => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      process.stderr.write('\n');
      resolve(result);
    };
    const onData = (chunk: string) => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') return end(text);
        // Ctrl-C and Ctrl-D give up; backspace takes one back.
        if (character === '\u0003' || character === '\u0004') return end('');
        if (character === '\u007f' || character === '\b') text = text.slice(0, -1);
        else text += character;
      }
    };
    stdin.on('data', onData);
  });
}
