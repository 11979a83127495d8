import { expect, it } from 'vitest';
import { sampleKeys } from '../sample/keys.ts';
import { SAMPLE_AT } from '../sample/snapshot.ts';
import { networkVerdicts } from './key-verdict.ts';

const DAY_MS = 86_400_000;
const { keys } = sampleKeys();

it('says that a network is ready when both venues have a key in use that is there', () => {
  expect(networkVerdicts(keys, SAMPLE_AT)).toEqual([{ network: 'testnet', missing: [], ended: [] }]);
  expect(networkVerdicts([], SAMPLE_AT)).toEqual([]);
});

it('names the venue whose key is missing, not there, or has ended', () => {
  const [paradex, vest] = [keys[0]!, keys[1]!];
  expect(networkVerdicts([vest], SAMPLE_AT)[0]?.missing).toEqual(['paradex']);
  expect(networkVerdicts([paradex, { ...vest, presence: 'gone' }], SAMPLE_AT)[0]?.missing).toEqual(['vest']);
  expect(networkVerdicts(keys, SAMPLE_AT + 5 * DAY_MS)[0]?.ended).toEqual(['vest']);
});

it('does not count keys that are not in use', () => {
  const spare = keys.map((each) => ({ ...each, record: { ...each.record, inUse: false } }));
  expect(networkVerdicts(spare, SAMPLE_AT)).toEqual([]);
});
