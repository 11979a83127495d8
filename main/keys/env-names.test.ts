import { expect, it } from 'vitest';
import { findKey, leftAlone, venuesIn } from './env-names.ts';

const paradex = { PARADEX_ACCOUNT_ADDRESS: '0x1f2e', PARADEX_PRIVATE_KEY: `0x02${'a1'.repeat(31)}` };
const vest = {
  VEST_PRIMARY_ADDRESS: `0x${'7c'.repeat(20)}`,
  VEST_SIGNING_KEY: `0x${'c3'.repeat(32)}`,
  VEST_API_KEY: 'api-key-of-a-test',
  VEST_EXPIRES_AT: '2027-01-31T00:00:00Z',
};

it('finds the keys of both venues under their names', () => {
  expect(venuesIn({ ...paradex, ...vest, HOME: '/root' })).toEqual(['paradex', 'vest']);
  expect(findKey('paradex', paradex)).toEqual({
    venue: 'paradex',
    account: '0x1f2e',
    privateKey: paradex.PARADEX_PRIVATE_KEY,
  });
  expect(findKey('vest', vest)).toEqual({
    venue: 'vest',
    account: vest.VEST_PRIMARY_ADDRESS,
    signingPrivateKey: vest.VEST_SIGNING_KEY,
    apiKey: 'api-key-of-a-test',
    accountGroup: 0,
    expiresAt: Date.UTC(2027, 0, 31),
  });
});

it.each([
  ['1801353600000', 1_801_353_600_000],
  ['1801353600', 1_801_353_600_000],
])('reads the end of a registration written as %s', (text, at) => {
  expect(findKey('vest', { ...vest, VEST_EXPIRES_AT: text })).toMatchObject({ expiresAt: at });
});

it.each([
  ['paradex', { PARADEX_PRIVATE_KEY: paradex.PARADEX_PRIVATE_KEY }, /PARADEX_ACCOUNT_ADDRESS is missing/],
  ['paradex', { ...paradex, PARADEX_PRIVATE_KEY: 'secret-but-no-key' }, /PARADEX_PRIVATE_KEY/],
  ['vest', { ...vest, VEST_EXPIRES_AT: 'soon' }, /VEST_EXPIRES_AT is no moment/],
  ['vest', { ...vest, VEST_PRIMARY_ADDRESS: '0x12' }, /VEST_PRIMARY_ADDRESS is not an address/],
  ['vest', { ...vest, VEST_API_KEY: '' }, /VEST_API_KEY is missing/],
] as const)('names the line of %s that cannot be used, never its value', (venue, environment, message) => {
  expect(() => findKey(venue, environment)).toThrow(message);
  expect(() => findKey(venue, environment)).not.toThrow(/secret-but-no-key/);
});

it('leaves wallets’ keys and unknown names alone, and says so', () => {
  const environment = { ...paradex, PARADEX_L1_PRIVATE_KEY: 'wide', VEST_PRIVATE_KEY: 'wide', VEST_COLOUR: 'blue' };
  expect(leftAlone(environment)).toEqual([
    { name: 'PARADEX_L1_PRIVATE_KEY', why: 'wideKey' },
    { name: 'VEST_COLOUR', why: 'unknown' },
    { name: 'VEST_PRIVATE_KEY', why: 'wideKey' },
  ]);
});
