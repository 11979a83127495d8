import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SecretPrompt } from '../../ipc/key-schema.ts';
import { createBrowserSecrets } from './secret-prompt.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const SECRET = 'typed-secret';
const prompt: SecretPrompt = {
  id: '00000000-0000-4000-8000-000000000001',
  title: { en: 'A key', fr: 'Une clé' },
  detail: { en: 'For a test.', fr: 'Pour un essai.' },
  kind: 'key',
  ways: ['terminal', 'command'],
  until: Date.now() + 60_000,
};

class FakeInput extends EventEmitter {
  raw: boolean[] = [];
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  setRawMode(raw: boolean) {
    this.raw.push(raw);
  }
  setEncoding() {
    return undefined;
  }
}

let input: FakeInput;
let terminal: Terminal;
let enters: number;
let printed: string[];
let offered: string[];
let cancels: number;
const on = {
  offer(typed: string) {
    offered.push(typed);
    return typed === SECRET ? undefined : { code: 'HS_SECRET_FORMAT', message: 'Wrong.', remedy: 'Again.' };
  },
  cancel: () => void cancels++,
};

function start(isTTY: boolean) {
  [enters, cancels, printed, offered] = [0, 0, [], []];
  input = new FakeInput(isTTY);
  terminal = openTerminal(input, () => void enters++);
  return createBrowserSecrets(terminal, (line) => printed.push(line));
}

describe('the terminal Halfspread runs in', () => {
  let secrets: ReturnType<typeof start>;
  beforeEach(() => (secrets = start(true)));

  it('reads the secret unseen, says why it was not taken, and means Enter again afterwards', () => {
    expect(secrets.source.ways()).toEqual(['terminal', 'command']);
    input.emit('data', '\n');
    const listening = secrets.source.listen(prompt, on);
    expect(input.raw).toEqual([true]);
    input.emit('data', 'wrong\r');
    input.emit('data', `${SECRET}\r`);
    expect(offered).toEqual(['wrong', SECRET]);
    listening.end('taken');
    expect(input.raw).toEqual([true, false]);
    input.emit('data', '\n');
    expect(enters).toBe(2);
    expect(printed.join('\n')).toMatch(/asks for: A key\nFor a test\.\n.*nothing of it is shown[\s\S]*Wrong\. Again\./);
    expect(printed.join('\n')).not.toContain(SECRET);
  });

  it('cancels with Ctrl-C instead of stopping Halfspread', () => {
    secrets.source.listen(prompt, on);
    input.emit('data', 'half\u0003');
    expect(cancels).toBe(1);
    expect(offered).toEqual([]);
  });
});

describe('a pipe into Halfspread', () => {
  it('gives a line while one is asked for, and nothing is to be expected of it once it ended', () => {
    const secrets = start(false);
    expect(secrets.source.ways()).toEqual(['pipe', 'command']);
    secrets.source.listen(prompt, on);
    input.emit('data', `${SECRET}\n`);
    expect(offered).toEqual([SECRET]);
    expect(input.raw).toEqual([]);
    input.emit('end');
    expect(secrets.source.ways()).toEqual(['command']);
  });
});

describe('halfspread secret', () => {
  it('is told what is asked for, in English and without the secret, and takes the answer to that question alone', () => {
    const { source, gate } = createBrowserSecrets(undefined, (line) => printed.push(line));
    [printed, offered] = [[], []];
    expect(gate.pending()).toEqual({});
    expect(gate.hand(prompt.id, SECRET)).toMatchObject({ refused: { code: 'HS_SECRET_NOT_ASKED' } });
    const listening = source.listen({ ...prompt, ways: ['command'] }, on);
    expect(printed.join()).toContain('halfspread -- secret');
    expect(gate.pending().prompt).toEqual({
      id: prompt.id,
      title: 'A key',
      detail: 'For a test.',
      until: prompt.until,
    });
    expect(gate.hand('00000000-0000-4000-8000-000000000002', SECRET)).toMatchObject({
      refused: { code: 'HS_SECRET_NOT_ASKED' },
    });
    expect(gate.hand(prompt.id, 'wrong')).toMatchObject({ refused: { code: 'HS_SECRET_FORMAT' } });
    expect(gate.hand(prompt.id, SECRET)).toEqual({});
    expect(offered).toEqual(['wrong', SECRET]);
    listening.end('taken');
    expect(gate.pending()).toEqual({});
  });
});
