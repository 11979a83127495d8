import { expect, it } from 'vitest';
import { redactLine, redactSaying } from './redact.ts';

it.each([
  ['{"privateKey":"0xabc"}', 'abc'],
  ['Authorization: Bearer abcdefghijklmnop', 'abcdefghijklmnop'],
  ['token=eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJzdWIiOiIxIn0'],
  [`key ${'a1'.repeat(32)}`, 'a1a1a1'],
  [`0x${'b2'.repeat(32)}`, 'b2b2b2'],
  ['-----BEGIN PRIVATE KEY-----MIGH', 'MIGH'],
  ['api_key: s3cr3tvalue', 's3cr3tvalue'],
])('takes the secret out of %s', (line, secret) => expect(redactLine(line)).not.toContain(secret));

it('leaves an ordinary line as it is, without control characters', () => {
  expect(redactLine('{"at":"2026-11-25","audit":"session closed","device":"laptop"}')).toBe(
    '{"at":"2026-11-25","audit":"session closed","device":"laptop"}',
  );
  expect(redactLine('a\u001b[31mb')).toBe('a [31mb');
});

it('takes it out of the values of a sentence as well', () => {
  const said = { code: 'measure.failed', parameters: { why: 'api_key: s3cr3tvalue', count: 3 } };
  expect(redactSaying(said)).toEqual({ code: 'measure.failed', parameters: { why: 'api_key: [redacted]', count: 3 } });
});
