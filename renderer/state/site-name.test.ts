import { expect, it } from 'vitest';
import { isSiteName, suggestedName } from './site-name.ts';

it.each([
  ['vps.example.net', [], false, 'vps-example-net'],
  ['vps.example.net', ['vps-example-net'], false, 'vps-example-net-2'],
  ['Tokyo', [], true, 'tokyo-1'],
  ['Tokyo', ['tokyo-1', 'tokyo-2'], true, 'tokyo-3'],
  ['São Paulo', [], true, 'sa-o-paulo-1'],
  ['東京', [], true, ''],
  ['a'.repeat(60), [], true, `${'a'.repeat(26)}-1`],
] as const)('suggests for %s beside %j', (from, taken, numbered, name) => {
  expect(suggestedName(from, taken, numbered)).toBe(name);
  expect(name === '' || isSiteName(name)).toBe(true);
});
