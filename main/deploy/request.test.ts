import { expect, it } from 'vitest';
import { checkPrefix, checkRequest, suggestedName } from './request.ts';

it.each(['/home/me/halfspread', '/opt/hs_1', '/srv/a.b/c'])('a site may be in %s', (prefix) =>
  expect(checkPrefix(prefix)).toBe(prefix),
);
it.each([
  '/',
  '/usr',
  '/home',
  '/root',
  '/tmp',
  'relative',
  '/a/../b',
  '/a//b',
  '/a b',
  '/a/',
  "/a'b",
  '/a\nb',
  '/-x',
  `/${'x'.repeat(70)}`,
])('a site is never in %j', (prefix) =>
  expect(() => checkPrefix(prefix)).toThrow(expect.objectContaining({ code: 'HS_DEPLOY_PREFIX' }) as Error),
);

it.each<[string, object]>([
  ['HS_DEPLOY_NAME', { name: '../x' }],
  ['HS_DEPLOY_HOST', { host: '-oProxyCommand=x' }],
  ['HS_DEPLOY_USER', { user: '-l' }],
  ['HS_DEPLOY_JUMP', { jump: 'a,b,c,d' }],
  ['HS_DEPLOY_FINGERPRINT', { fingerprints: ['MD5:aa'] }],
  ['HS_DEPLOY_IDENTITY', { identityFile: 'id_ed25519' }],
  ['HS_DEPLOY_REQUEST', { unknown: 1 }],
])('%s', (code, change) => {
  const request = { name: 'tyo-1', host: 'h', ...change };
  expect(() => checkRequest(request)).toThrow(expect.objectContaining({ code }) as Error);
});

it('suggests a name that is one', () => {
  expect(suggestedName('VPS-7.example.net')).toBe('vps-7-example-net');
  expect(suggestedName('2001:db8::1')).toBe('2001-db8-1');
  expect(suggestedName(`${'a'.repeat(30)}.b`)).toBe('a'.repeat(30));
});
