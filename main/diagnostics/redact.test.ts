import fc from 'fast-check';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';

const redactor = createRedactor({ homeFolder: '/home/ren\u00e9e' });
const { text } = redactor;

const bytes = fc.uint8Array({ minLength: 32, maxLength: 64 }).map((value) => Buffer.from(value));
const base64url = (value: object | Buffer) =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url');

/** A secret in one of the forms they have, as it would be printed. */
const shaped = fc.oneof(
  bytes.map((key) => key.toString('hex')),
  bytes.map((key) => `0x${key.toString('hex')}`),
  bytes.map((key) => key.toString('hex').toUpperCase()),
  bytes.map((key) =>
    BigInt(`0x${key.subarray(0, 32).toString('hex')}`)
      .toString()
      .padStart(60, '7'),
  ),
  bytes.map((key) => key.toString('base64')),
  bytes.map(base64url),
  bytes.map((key) => encodeURIComponent(key.toString('base64'))),
  bytes.map((key) => `${base64url({ alg: 'ES256', typ: 'JWT' })}.${base64url({ sub: 'me' })}.${base64url(key)}`),
  bytes.map((key) => `-----BEGIN PRIVATE KEY-----\n${key.toString('base64')}\n-----END PRIVATE KEY-----`),
  bytes.map((key) => `-----BEGIN EC PRIVATE KEY-----\\n${key.toString('base64')}\\n-----END EC PRIVATE KEY-----`),
  bytes.map((key) => [...key].join(',')),
  bytes.map((key) => inspect(key.subarray(0, 40))),
);

/** Where it may turn up. */
const places: ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `could not sign with ${secret}, trying again`,
  (secret) => `key=${secret}`,
  (secret) => `(${secret})`,
  (secret) => `https://api.example/v2/orders?x=1&k=${secret}&nonce=5`,
  (secret) => `https://me:${secret.replaceAll(/[/@\s]/g, '')}@api.example/`,
  (secret) => JSON.stringify({ at: 1, deep: { list: [{ value: secret }] } }),
  (secret) => JSON.stringify({ message: JSON.stringify({ inner: JSON.stringify({ secret }) }) }),
  (secret) => inspect({ a: { b: [secret] } }),
  (secret) => `Error: bad\n    at sign (/srv/app/x.ts:1:2) ${secret}\n    at next`,
  (secret) => `/home/ren\u00e9e/keys/${secret}/file`,
  (secret) => `<${secret}>\t${secret}`,
];

/** No stretch of it that would help to guess the rest. */
function survives(output: string, secret: string): boolean {
  const WINDOW = 16;
  for (const piece of secret.split(/\s|\\n/)) {
    if (/^-+(BEGIN|END)/.test(piece) || piece.length < WINDOW) continue;
    for (let at = 0; at + WINDOW <= piece.length; at++) {
      if (output.includes(piece.slice(at, at + WINDOW))) return true;
    }
  }
  return false;
}

describe('redactor', () => {
  it('lets no secret of any shape through, wherever it stands', () => {
    fc.assert(
      fc.property(shaped, fc.constantFrom(...places), (secret, place) => {
        expect(survives(text(place(secret)), secret)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  const phrase = fc
    .string({ minLength: 6, maxLength: 40, unit: fc.constantFrom(...'abcdefghijkXYZ0123456789 .!?"\\\'/äé€') })
    .filter((value) => value.trim() === value && !/^["'\\`]/.test(value));
  const names = [
    'passphrase',
    'apiKey',
    'api_key',
    'X-Api-Key',
    'VEST_API_KEY',
    'l2PrivateKey',
    'signingPrivateKey',
    'sessionToken',
    'cookie',
    'masterSecret',
    'password',
    'seed',
  ];

  it('lets no value of a secret name through, in data and in data written as text', () => {
    fc.assert(
      fc.property(phrase, fc.constantFrom(...names), (secret, name) => {
        const data = { ok: true, deep: [{ [name]: secret, after: 'stays' }] };
        const asValue = JSON.stringify(redactor.value(data));
        expect(JSON.parse(asValue)).toEqual({ ok: true, deep: [{ [name]: '[secret]', after: 'stays' }] });
        for (const written of [
          JSON.stringify(data),
          JSON.stringify(JSON.stringify(data)),
          JSON.stringify(data, undefined, 2),
        ]) {
          const inside = JSON.stringify(secret).slice(1, -1);
          expect(text(written)).not.toContain(inside);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['passphrase: correct horse battery staple', 'horse'],
    ['Passphrase is correct horse battery staple', 'horse'],
    ['Authorization: Basic YWJjOmRlZg==', 'YWJj'],
    ['authorization: Bearer abc.def', 'abc.def'],
    ['curl -H "Authorization: Bearer tiny"', 'tiny'],
    ['Cookie: halfspread_1=abc; other=def', 'def'],
    ['--api-key=short1 --x', 'short1'],
    ['GET /?token=tiny%20one&x=1', 'tiny'],
    ["{ apiKey: 'tiny', n: 1 }", 'tiny'],
    ['password = hunter2', 'hunter2'],
    ['"seed": [1, 2, 3]', '2, 3'],
  ])('%s: the value goes', (line, secret) => {
    expect(text(line)).not.toContain(secret);
  });

  it.each([
    ['the home folder', '/home/ren\u00e9e/.config/halfspread/settings.json', '~/.config/halfspread/settings.json'],
    ['it in a URL', 'file:///home/ren%C3%A9e/x', 'file://~/x'],
    ['another user of this machine', '/home/paul/x and /Users/paul/y', '/home/[user]/x and /Users/[user]/y'],
    ['a Windows profile', 'C:\\Users\\paul\\AppData', 'C:\\Users\\[user]\\AppData'],
    ['one inside JSON', 'C:\\\\Users\\\\paul\\\\AppData', 'C:\\\\Users\\\\[user]\\\\AppData'],
  ])('takes the person out of %s', (_what, line, expected) => {
    expect(text(line)).toBe(expected);
  });

  it.each([
    'The engine ended unexpectedly (code 1: listen EADDRINUSE /srv/halfspread/data/practice/engine.sock).',
    '    at createLinuxNotifier (file:///srv/halfspread/main/shell/linux-notifications/linux-notifier.ts:42:17)',
    'settings.json.unreadable-2026-01-02T03-04-05.000Z',
    'command 0190b5a0-7b1c-7def-8abc-0123456789ab answered in 386 ms',
    '/tmp/halfspread-window-Ab3dE9/data/logs/main.log',
    'HS_PRACTICE_CHOICE_WITH_A_VERY_LONG_NAME_INDEED_AND_MORE',
    '-----------------------------------------------------------------',
    'p50 386 ms, p95 402 ms, n = 41',
    '{"at":1722500000000,"level":"info","code":"HS_TRADE_OPENED","parameters":{"id":41,"slippageBps":-0.12}}',
  ])('leaves what helps to find a fault: %s', (line) => {
    expect(text(line)).toBe(line);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(shaped, fc.constantFrom(...places), (secret, place) => {
        const once = text(place(secret));
        expect(text(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  it('takes bytes, errors with causes, maps and what is too deep in plain data', () => {
    const key = Buffer.alloc(32, 7);
    const error = Object.assign(new Error(`no ${key.toString('hex')}`, { cause: new Error('password: abc') }), {
      code: 'HS_X',
    });
    const written = JSON.stringify(
      redactor.value({
        key,
        json: key.toJSON(),
        view: new Uint8Array(key),
        list: [...key],
        map: new Map([['a', key]]),
        error,
      }),
    );
    expect(written).not.toMatch(/7,7,7|0707070707|abc/);
    expect(written).toContain('HS_X');
    let deep: unknown = 'password: abc';
    for (let depth = 0; depth < 100; depth++) deep = [deep];
    expect(JSON.stringify(redactor.value(deep))).toContain('[too deep]');
  });

  it('takes no longer than its input is long', () => {
    const size = 300_000;
    for (const unit of [
      'a',
      'a-',
      'passphrase',
      '"',
      '\\',
      'secret:',
      '-----BEGIN X-----',
      '1,',
      'ab ',
      'eyJ',
      'https://',
      '0x',
    ]) {
      const startedMs = performance.now();
      text(unit.repeat(Math.ceil(size / unit.length)).slice(0, size));
      expect(performance.now() - startedMs, unit).toBeLessThan(2_000);
    }
  });
});
