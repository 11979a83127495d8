import { expect, it } from 'vitest';
import { configPath, sshConfig } from './config.ts';

it('insists on the verified key for target and jump hosts, and gives a password to the target alone', () => {
  const text = sshConfig({
    target: { host: 'h', port: 2222, user: 'u', jump: [{ host: 'j', port: 22, user: 'g' }], identityFile: undefined },
    knownHostsFile: '/data/known_hosts',
    asks: true,
    passwordOnly: true,
  });
  const [jump, target, all] = text.split(/(?=^Host )/m);
  expect(jump).toContain('PasswordAuthentication no');
  expect(target).toContain('ProxyJump halfspread-jump-1');
  expect(target).not.toContain('PasswordAuthentication no');
  expect(all).toContain('StrictHostKeyChecking yes');
  expect(all).toContain('UserKnownHostsFile "/data/known_hosts"');
});

it('a path cannot bring in another option, a token or a variable', () => {
  expect(configPath('/home/100 %/key')).toBe('"/home/100 %%/key"');
  for (const path of ['/a"b', '/a\nProxyCommand x', '/a\\b', '/${HOME}/x']) {
    expect(() => configPath(path)).toThrow(expect.objectContaining({ code: 'HS_DEPLOY_PATH' }) as Error);
  }
});
