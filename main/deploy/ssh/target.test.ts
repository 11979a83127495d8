import { describe, expect, it } from 'vitest';
import { checkHost, checkPort, checkUser, knownHostsName, parseJump } from './target.ts';

describe('a host', () => {
  it.each(['vps.example.net', '203.0.113.7', '2001:db8::1', 'a-b_c', 'xn--bcher-kva.example'])('may be %s', (host) => {
    expect(checkHost(host)).toBe(host);
  });

  it.each([
    '',
    '-oProxyCommand=touch /tmp/x',
    '-p22',
    'host -oProxyCommand=x',
    'host\nProxyCommand x',
    'host\tx',
    'user@host',
    'host:22',
    'ho$(id)st',
    'host;id',
    'a..b',
    'fe80::1%eth0',
    'x'.repeat(254),
    'hôte.example',
  ])('is never %j', (host) => {
    expect(() => checkHost(host)).toThrow(expect.objectContaining({ code: 'HS_DEPLOY_HOST' }) as Error);
  });
});

it.each(['root', 'deploy_1', 'first.last', '_svc'])('a user may be %s', (user) => expect(checkUser(user)).toBe(user));
it.each(['', '-oProxyCommand=x', 'a b', 'a\nProxyCommand x', 'a@b', '1abc', 'x'.repeat(33)])(
  'a user is never %j',
  (user) => {
    expect(() => checkUser(user)).toThrow(expect.objectContaining({ code: 'HS_DEPLOY_USER' }) as Error);
  },
);
it.each([0, -1, 65_536, 1.5, Number.NaN])('a port is never %s', (port) => {
  expect(() => checkPort(port)).toThrow(expect.objectContaining({ code: 'HS_DEPLOY_PORT' }) as Error);
});

describe('jump hosts', () => {
  it('come nearest first, with user and port or without', () => {
    expect(parseJump('gate@gw.example:2222,inner', 'me')).toEqual([
      { user: 'gate', host: 'gw.example', port: 2222 },
      { user: 'me', host: 'inner', port: 22 },
    ]);
    expect(parseJump('[2001:db8::1]:2222', 'me')).toEqual([{ user: 'me', host: '2001:db8::1', port: 2222 }]);
    expect(parseJump('2001:db8::1', 'me')).toEqual([{ user: 'me', host: '2001:db8::1', port: 22 }]);
  });

  it.each(['-oProxyCommand=x', 'a,b,c,d', 'a b', 'a:99999', '', 'a@b@c', 'a,-v'])('are never %j', (text) => {
    expect(() => parseJump(text, 'me')).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^HS_DEPLOY_/) as string }) as Error,
    );
  });
});

it('known_hosts has the port only where it is not 22', () => {
  expect(knownHostsName({ host: 'A.example', port: 22 })).toBe('a.example');
  expect(knownHostsName({ host: '203.0.113.7', port: 2222 })).toBe('[203.0.113.7]:2222');
});
