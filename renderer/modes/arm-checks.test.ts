import { expect, test } from 'vitest';
import { sampleArmingReport, sampleModes } from '../sample/modes.ts';
import { SAMPLE_AT } from '../sample/snapshot.ts';
import { checkLines } from './arm-checks.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('every check has one line, with what was found at both venues', () => {
  const lines = checkLines(sampleArmingReport(), { paradex: { mayWithdraw: 'no' } }, SAMPLE_AT);
  expect(lines.map(({ id }) => id)).toEqual([
    'key',
    'generation',
    'book',
    'venueOpen',
    'clock',
    'orderInDoubt',
    'positions',
    'journal',
    'folderLock',
    'desk',
  ]);
  expect(lines.every(({ tone }) => tone === 'ok')).toBe(true);
  const value = (id: string) => plain(lines.find((line) => line.id === id)?.value ?? '');
  expect(value('key')).toBe('ends in 6 d');
  expect(value('book')).toBe('Vest 84 ms, Paradex 12 ms');
  expect(value('clock')).toBe('Vest −0.6 ± 3.0 ms, Paradex +0.4 ± 0.2 ms');
});

test('a check that failed names its venues and says in full what was found', () => {
  const report = sampleArmingReport();
  const checks = report.checks.map((check) =>
    check.id === 'clock' && check.venue === 'vest' ? { ...check, ok: false, detail: '900 ms from ours.' } : check,
  );
  const line = checkLines({ ...report, ok: false, checks }, undefined, SAMPLE_AT).find(({ id }) => id === 'clock');
  expect(line).toMatchObject({ tone: 'failed', value: 'not met at Vest', detail: '900 ms from ours.' });
});

test('a key that can withdraw, or may, is said first', () => {
  const { keys } = sampleModes();
  const lines = checkLines(sampleArmingReport(), { ...keys, paradex: { mayWithdraw: 'unknown' } }, SAMPLE_AT);
  expect(lines.slice(0, 2).map(({ tone, label }) => `${tone}: ${label}`)).toEqual([
    'warn: Vest key can sign withdrawals',
    'warn: Paradex key: withdrawal not known',
  ]);
});
