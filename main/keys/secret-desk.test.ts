import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SecretPrompt } from '../ipc/key-schema.ts';
import type { SecretRequest, SecretSource } from '../shell/ports.ts';
import { createSecretDesk, type SecretDesk } from './secret-desk.ts';

const SECRET = `0x${'5'.repeat(64)}`;
const request = (changes: Partial<SecretRequest> = {}): SecretRequest => ({
  title: { en: 'A key', fr: 'Une clé' },
  detail: { en: 'For a test.', fr: 'Pour un essai.' },
  kind: 'key',
  read: (typed) =>
    typed.startsWith('0x')
      ? { secret: typed }
      : { refused: { code: 'HS_SECRET_NOT_HEX', message: 'no hex', remedy: 'hex' } },
  ...changes,
});

let copied: string;
let states: (SecretPrompt | undefined)[];
let desk: SecretDesk;
let offer: (typed: string) => unknown;
let cancelThere: () => void;
let ends: string[];

const source: SecretSource = {
  ways: () => ['clipboard', 'command'],
  listen(_prompt, on) {
    offer = on.offer;
    cancelThere = on.cancel;
    return { end: (outcome) => void ends.push(outcome) };
  },
  takeClipboard() {
    const text = copied;
    copied = '';
    return Promise.resolve(text);
  },
};

beforeEach(() => {
  [copied, states, ends] = ['', [], []];
  desk = createSecretDesk({
    source,
    language: () => 'en',
    onChange: () => void states.push(desk.state()),
    limitMs: 60_000,
  });
});

describe('the secret desk', () => {
  it('hands over what comes past the window, refuses what is none, and shows neither', async () => {
    const asked = desk.ask(request());
    expect(desk.state()).toMatchObject({ title: { en: 'A key' }, ways: ['clipboard', 'command'] });
    expect(offer('hello')).toMatchObject({ code: 'HS_SECRET_NOT_HEX' });
    expect(desk.state()?.refused?.code).toBe('HS_SECRET_NOT_HEX');
    expect(offer(SECRET)).toBeUndefined();
    expect(await asked).toBe(SECRET);
    expect(desk.state()).toBeUndefined();
    expect(ends).toEqual(['taken']);
    expect(JSON.stringify(states)).not.toMatch(/hello|5555/);
  });

  it('reads the clipboard, empties it, and waits for a yes to its length and fingerprint', async () => {
    const asked = desk.ask(request());
    const { id } = desk.state()!;
    expect(() => desk.handlers['secret.accept']({ id })).toThrow(
      expect.objectContaining({ code: 'HS_SECRET_NOTHING' }),
    );
    copied = 'not a key';
    await desk.handlers['secret.read']({ id });
    expect(copied).toBe('');
    expect(desk.state()?.refused?.code).toBe('HS_SECRET_NOT_HEX');
    copied = SECRET;
    await desk.handlers['secret.read']({ id });
    expect(desk.state()?.received).toEqual({
      length: 66,
      fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    });
    expect(desk.state()?.refused).toBeUndefined();
    await desk.handlers['secret.accept']({ id });
    expect(await asked).toBe(SECRET);
    expect(JSON.stringify(states)).not.toContain('5555');
  });

  it('shows no fingerprint of a passphrase: it could be guessed from it', async () => {
    const asked = desk.ask(request({ kind: 'passphrase', read: (typed) => ({ secret: typed }) }));
    copied = 'correct horse';
    await desk.handlers['secret.read']({ id: desk.state()!.id });
    expect(desk.state()?.received).toEqual({ length: 13 });
    desk.stop();
    expect(await asked).toBeUndefined();
  });

  it('asks for one at a time, and takes no answer to a question that is over', async () => {
    const first = desk.ask(request());
    const { id } = desk.state()!;
    await expect(desk.ask(request())).rejects.toMatchObject({ code: 'HS_SECRET_BUSY' });
    cancelThere();
    expect(await first).toBeUndefined();
    expect(offer(SECRET)).toMatchObject({ code: 'HS_SECRET_NOT_ASKED' });
    for (const call of ['secret.read', 'secret.accept', 'secret.cancel'] as const) {
      await expect(async () => desk.handlers[call]({ id })).rejects.toMatchObject({ code: 'HS_SECRET_NOT_ASKED' });
    }
  });

  it('gives up when the time is over, when it is cancelled in the window, and when who asked gives up', async () => {
    vi.useFakeTimers();
    try {
      const late = expect(desk.ask(request())).rejects.toMatchObject({ code: 'HS_SECRET_TIME' });
      await vi.advanceTimersByTimeAsync(60_000);
      await late;
      const cancelled = desk.ask(request());
      await desk.handlers['secret.cancel']({ id: desk.state()!.id });
      expect(await cancelled).toBeUndefined();
      const ending = new AbortController();
      const aborted = desk.ask(request({ signal: ending.signal }));
      ending.abort();
      expect(await aborted).toBeUndefined();
      expect(await desk.ask(request({ signal: ending.signal }))).toBeUndefined();
      expect(ends).toEqual(['timeOver', 'cancelled', 'cancelled']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses what no key is as long as', async () => {
    const asked = desk.ask(request());
    expect(offer(`0x${'5'.repeat(10_000)}`)).toMatchObject({ code: 'HS_SECRET_LENGTH' });
    desk.stop();
    await asked;
  });
});
