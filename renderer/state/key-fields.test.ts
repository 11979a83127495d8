import { expect, it } from 'vitest';
import {
  accountGroupOf,
  daysOf,
  ethereumAddressOf,
  labelOf,
  momentOf,
  pathOf,
  starkAddressOf,
  urlOf,
} from './key-fields.ts';

const NOW = Date.UTC(2026, 10, 25);

it('takes addresses of each venue in its form, with spaces around', () => {
  expect(starkAddressOf(' 0x1f2e ')).toBe('0x1f2e');
  expect(ethereumAddressOf(`0x${'7c'.repeat(20)}`)).toBe(`0x${'7c'.repeat(20)}`);
  for (const wrong of ['', '1f2e', '0x', '0xzz', `0x${'1'.repeat(65)}`])
    expect(starkAddressOf(wrong), wrong).toBeUndefined();
  for (const wrong of ['', '0x1f2e', `0x${'7c'.repeat(21)}`]) expect(ethereumAddressOf(wrong), wrong).toBeUndefined();
});

it('takes an end that is to come, in UTC', () => {
  expect(momentOf('2026-12-31 18:00', NOW)).toBe(Date.UTC(2026, 11, 31, 18));
  expect(momentOf('2026-12-31T18:00:30Z', NOW)).toBe(Date.UTC(2026, 11, 31, 18, 0, 30));
  for (const wrong of ['', 'soon', '31/12/2026', '2026-13-40 18:00', '2026-11-24 23:59']) {
    expect(momentOf(wrong, NOW), wrong).toBeUndefined();
  }
});

it('takes whole numbers in their range', () => {
  expect([accountGroupOf('0'), accountGroupOf(' 12 '), accountGroupOf('-1'), accountGroupOf('1.5')]).toEqual([
    0,
    12,
    undefined,
    undefined,
  ]);
  expect([daysOf('7'), daysOf('0'), daysOf('366'), daysOf('1.5'), daysOf('')]).toEqual([
    7,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it('takes addresses of the protocols that fit, and whole paths', () => {
  expect(urlOf('http://127.0.0.1:7100/v1/', ['http:', 'https:'])).toBe('http://127.0.0.1:7100/v1');
  for (const wrong of ['', '127.0.0.1:7100', 'ftp://x/', 'javascript:alert(1)']) {
    expect(urlOf(wrong, ['http:', 'https:']), wrong).toBeUndefined();
  }
  expect([pathOf(''), pathOf('/home/me/.env'), pathOf('C:\\bot\\.env'), pathOf('.env')]).toEqual([
    {},
    { path: '/home/me/.env' },
    { path: 'C:\\bot\\.env' },
    undefined,
  ]);
  expect([labelOf('  a name '), labelOf('   '), labelOf('x'.repeat(65))]).toEqual(['a name', undefined, undefined]);
});
