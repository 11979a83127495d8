import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hostKey } from './host-key.ts';
import { openKnownHosts } from './known-hosts.ts';

it('keeps one verified key per host and port, readable by this user only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-'));
  const hosts = openKnownHosts(join(folder, 'deploy', 'known_hosts'));
  const first = hostKey('ssh-ed25519', 'AAAA')!;
  const second = hostKey('ssh-ed25519', 'BBBB')!;
  const here = { host: 'h.example', port: 22 };
  const there = { host: 'h.example', port: 2222 };
  await hosts.remember(here, first);
  await hosts.remember(there, first);
  await hosts.remember(here, second);
  expect(await hosts.keysOf(here)).toEqual([second]);
  expect(await hosts.keysOf(there)).toEqual([first]);
  expect((await stat(hosts.file)).mode & 0o777).toBe(0o600);
  expect(await hosts.forget(here)).toBe(true);
  expect(await hosts.forget(here)).toBe(false);
  expect(await hosts.keysOf(there)).toEqual([first]);
  await rm(folder, { recursive: true });
});
