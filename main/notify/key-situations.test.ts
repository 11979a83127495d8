import { expect, it } from 'vitest';
import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { KeyRecord } from '../ipc/key-schema.ts';
import { tellKeyExpiry } from './key-situations.ts';

const DAY_MS = 86_400_000;
const record: KeyRecord = {
  id: '00000000-0000-4000-8000-000000000001',
  venue: 'vest',
  endpoint: PUBLISHED_ENDPOINTS.testnet.vest,
  label: 'Home',
  account: '0x1',
  publicKey: '0x2',
  mayWithdraw: 'yes',
  origin: 'madeHere',
  createdAt: 0,
  expiresAt: 100 * DAY_MS,
  storedIn: 'keychain',
  inUse: true,
};

/** What is told when a key is looked at on these days, remembering what was told. */
function tell(days: number[], of = record) {
  let looked = of;
  return days.map((day) => {
    const { alerts, told } = tellKeyExpiry([looked], day * DAY_MS);
    looked = { ...looked, expiryTold: told.get(of.id) ?? looked.expiryTold };
    return alerts.map(({ severity, words }) => `${severity}: ${words.en.title}`).join();
  });
}

it('tells once each at 50, 20 and 5 percent of life left, and at the end', () => {
  expect(tell([0, 49, 50, 51, 79, 80, 94, 95, 99, 100, 101])).toEqual([
    '',
    '',
    'info: A Vest key ends in 50\u00a0d',
    '',
    '',
    'warn: A Vest key ends in 20\u00a0d',
    '',
    'critical: A Vest key ends in 5\u00a0d',
    '',
    'critical: A Vest key has ended',
    '',
  ]);
});

it('tells the tightest alone of what was passed while Halfspread did not run', () => {
  expect(tell([97])).toEqual(['critical: A Vest key ends in 3\u00a0d']);
});

it('is calm about a key that is not in use, and silent about one that was replaced or never ends', () => {
  expect(tell([95, 100], { ...record, inUse: false })).toEqual([
    'info: A Vest key ends in 5\u00a0d',
    'info: A Vest key has ended',
  ]);
  expect(tell([95, 100], { ...record, inUse: false, replacedAt: 1 })).toEqual(['', '']);
  expect(tell([95, 100], { ...record, expiresAt: undefined })).toEqual(['', '']);
});

it('has one category per key, so that the newer word replaces the older, and leads to the page', () => {
  const [first] = tellKeyExpiry([record], 60 * DAY_MS).alerts;
  const [second] = tellKeyExpiry([record], 96 * DAY_MS).alerts;
  expect(second?.category).toBe(first?.category);
  expect(second).toMatchObject({ group: 'keys', page: 'risk' });
});
