import { beforeEach, describe, expect, it } from 'vitest';
import type { ConfirmRequest } from '../ports.ts';
import type { PendingCode } from '../../ipc/mode-schema.ts';
import { CODE_VALID_MS, createTerminalConfirm, type TerminalConfirm } from './confirm.ts';

const request: ConfirmRequest = {
  language: 'en',
  title: 'Arm live trading on btc?',
  lines: ['At most 2,000 USD at each venue.'],
  confirm: 'Arm',
  cancel: 'Stay disarmed',
};

let printed: string[];
let changes: (PendingCode | undefined)[];
let nowMs: number;
let timers: { atMs: number; callback: () => void }[];
let terminal: TerminalConfirm;

function pass(ms: number): void {
  nowMs += ms;
  for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) {
    timers = timers.filter((other) => other !== timer);
    timer.callback();
  }
}
const printedCode = () => /(\d{6})$/.exec(printed.at(-1) ?? '')?.[1] ?? 'none';
const otherCode = () => (printedCode() === '000000' ? '000001' : '000000');
const asked = () => terminal.codes.pending()?.id ?? 'none';

beforeEach(() => {
  [printed, changes, timers, nowMs] = [[], [], [], 1_000_000];
  terminal = createTerminalConfirm({
    print: (line) => printed.push(line),
    clock: {
      now: () => nowMs,
      after(ms, callback) {
        const timer = { atMs: nowMs + ms, callback };
        timers.push(timer);
        return () => void (timers = timers.filter((other) => other !== timer));
      },
    },
  });
  terminal.codes.onChange((pending) => changes.push(pending));
});

describe('confirming by a code of the terminal', () => {
  it('prints what is asked with a code the window is not told, and agrees when that code is typed', async () => {
    const answer = terminal.confirm(request);
    expect(printed.join('\n')).toContain('Arm live trading on btc?\n  At most 2,000 USD at each venue.');
    expect(changes).toEqual([{ id: asked(), title: request.title, triesLeft: 3, expiresAt: nowMs + CODE_VALID_MS }]);
    expect(JSON.stringify(changes)).not.toContain(printedCode());
    expect(terminal.codes.enter(asked(), printedCode())).toBe(true);
    await expect(answer).resolves.toBe(true);
    expect(changes.at(-1)).toBeUndefined();
    expect(timers).toEqual([]);
  });

  it('counts wrong codes, refuses after three, and then locks for a minute', async () => {
    const answer = terminal.confirm(request);
    expect(terminal.codes.enter(asked(), otherCode())).toBe(false);
    expect(terminal.codes.enter(asked(), otherCode())).toBe(false);
    expect(terminal.codes.pending()?.triesLeft).toBe(1);
    expect(terminal.codes.enter(asked(), otherCode())).toBe(false);
    await expect(answer).rejects.toMatchObject({ code: 'HS_CONFIRM_WRONG_CODE' });
    await expect(terminal.confirm(request)).rejects.toMatchObject({
      code: 'HS_CONFIRM_LOCKED',
      remedy: expect.stringContaining('60 s'),
    });
    pass(60_000);
    const next = terminal.confirm(request);
    for (const _try of [1, 2, 3]) terminal.codes.enter(asked(), otherCode());
    await expect(next).rejects.toMatchObject({ remedy: expect.stringContaining('120 s') });
  });

  it('takes the right code still on the third try, and forgets the failures with it', async () => {
    const answer = terminal.confirm(request);
    terminal.codes.enter(asked(), otherCode());
    terminal.codes.enter(asked(), otherCode());
    terminal.codes.enter(asked(), printedCode());
    await expect(answer).resolves.toBe(true);
  });

  it('ends by itself after a minute, and the code is worth nothing then', async () => {
    const answer = terminal.confirm(request);
    const [id, code] = [asked(), printedCode()];
    pass(CODE_VALID_MS);
    await expect(answer).rejects.toMatchObject({ code: 'HS_CONFIRM_EXPIRED' });
    expect(() => terminal.codes.enter(id, code)).toThrow('This question is over');
    // Nobody guessed: no lock.
    void terminal.confirm(request);
    expect(asked()).not.toBe(id);
    terminal.codes.cancel(asked());
  });

  it('is declined by cancelling, and asks one question at a time with a code of its own', async () => {
    const answer = terminal.confirm(request);
    await expect(terminal.confirm(request)).rejects.toMatchObject({ code: 'HS_CONFIRM_BUSY' });
    const [id, first] = [asked(), printedCode()];
    terminal.codes.cancel(id);
    await expect(answer).resolves.toBe(false);
    const next = terminal.confirm({ ...request, language: 'fr' });
    expect(printed.at(-1)).toContain('Tapez ce code');
    if (first !== printedCode()) expect(terminal.codes.enter(asked(), first)).toBe(false);
    expect(() => terminal.codes.cancel(id)).toThrow('This question is over');
    terminal.codes.cancel(asked());
    await next;
  });

  it('is taken back by who asked, without touching the next question', async () => {
    const abort = new AbortController();
    const answer = terminal.confirm({ ...request, signal: abort.signal });
    abort.abort();
    await expect(answer).resolves.toBe(false);
    expect(changes.at(-1)).toBeUndefined();
    const next = terminal.confirm(request);
    abort.abort();
    terminal.codes.enter(asked(), printedCode());
    await expect(next).resolves.toBe(true);
  });
});
