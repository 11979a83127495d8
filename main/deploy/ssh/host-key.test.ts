import { expect, it } from 'vitest';
import { decideHostKey, hostKey, isFingerprint, parseHostKeyLines, type HostKey } from './host-key.ts';

/** Made with ssh-keygen; its -l prints the fingerprint below. */
const LINE = '[127.0.0.1]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGd5AwQpVcSsK6Vgy8HwDsAhXMLMqCSTKWkZbUmMGzpk';

const key = (name: string): HostKey => ({ type: 'ssh-ed25519', key: name, fingerprint: `SHA256:${name}` });
const rsa: HostKey = { type: 'ssh-rsa', key: 'r', fingerprint: 'SHA256:r' };

it('lines of ssh-keyscan and known_hosts are read, everything else is passed over', () => {
  const text = `# 127.0.0.1:2222 SSH-2.0-OpenSSH\n${LINE}\n@revoked x ssh-ed25519 AAAA\nh ssh-dss AAAA\nh ssh-rsa not!base64\n\n`;
  const found = parseHostKeyLines(text);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ name: '[127.0.0.1]:2222', key: { type: 'ssh-ed25519' } });
  expect(isFingerprint(found[0]!.key.fingerprint)).toBe(true);
  expect(hostKey('ssh-dss', 'AAAA')).toBeUndefined();
});

it('an expected fingerprint decides alone: it verifies, also against a known key, or refuses', () => {
  expect(decideHostKey([rsa, key('a')], [], ['SHA256:a'])).toEqual({ verdict: 'verified', key: key('a'), isNew: true });
  expect(decideHostKey([key('b')], [key('a')], ['SHA256:b'])).toMatchObject({ verdict: 'verified', isNew: true });
  expect(decideHostKey([key('b')], [key('b')], ['SHA256:a'])).toEqual({ verdict: 'mismatch', instead: [key('b')] });
});

it('without one, a known key is enough, another one is a change, and none at all is a question', () => {
  expect(decideHostKey([rsa, key('a')], [key('a')], [])).toEqual({ verdict: 'verified', key: key('a'), isNew: false });
  expect(decideHostKey([key('b')], [key('a')], [])).toMatchObject({ verdict: 'changed' });
  expect(decideHostKey([rsa, key('a')], [], [])).toEqual({ verdict: 'ask', key: key('a') });
});
