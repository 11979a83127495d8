import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKnownHosts } from '../ssh/known-hosts.ts';
import { bootServer, noServers, type BootedServer } from './booted-server.test-helper.ts';
import { openCloudKeys } from './cloud-keys.ts';
import { firstBootUserData } from './first-boot.ts';
import { firstLogin, type FirstLoginPorts } from './first-login.ts';
import { fingerprintOf, type MadeServer } from './make-server.ts';
import { openCloudServers, type CloudServerRecord } from './server-record.ts';
import { inEnglish } from '../../text/saying.ts';

const { signal } = new AbortController();
const DEPLOY_ID = 'a2b0c8a4-6f0f-4a51-9d55-6b0a8d1d7a11';

describe.skipIf(noServers !== undefined)(
  `the first login on a made server${noServers === undefined ? '' : `: ${noServers}`}`,
  () => {
    let folder: string;
    let server: BootedServer;
    let ports: FirstLoginPorts;
    let steps: string[];
    let oneTime: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'hs-first-'));
      const keys = openCloudKeys(join(folder, 'keys'));
      const { login, firstHostKey } = await keys.of(DEPLOY_ID);
      oneTime = fingerprintOf(firstHostKey.publicKey);
      server = await bootServer(firstBootUserData({ loginPublicKey: login.publicKey, hostKey: firstHostKey }));
      steps = [];
      ports = {
        servers: await openCloudServers(join(folder, 'servers.json'), Date.now),
        keys,
        knownHosts: openKnownHosts(join(folder, 'known_hosts')),
        onStep: (step, state) => steps.push(`${step} ${state}`),
        pollMs: 50,
        sshPort: server.port,
      };
    });
    afterAll(async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    });

    const record = (change: Partial<CloudServerRecord> = {}): CloudServerRecord => ({
      deployId: DEPLOY_ID,
      site: 'fsn-1',
      provider: 'hetzner',
      region: 'fsn1',
      plan: 'cx23',
      price: { amount: '4.7481', currency: 'EUR' },
      state: 'exists',
      serverId: '101',
      ipv4: '127.0.0.1',
      hostKeyFingerprints: [oneTime],
      hostKeyRotated: false,
      createdAt: 0,
      ...change,
    });
    const made = (of: CloudServerRecord): MadeServer => ({
      record: of,
      host: '127.0.0.1',
      user: 'root',
      fingerprints: of.hostKeyFingerprints,
    });

    it('refuses a server that shows neither key, before anything is sent', async () => {
      const wrong = record({ hostKeyFingerprints: [`SHA256:${'A'.repeat(43)}`] });
      const stopping = new AbortController();
      const seen: string[] = [];
      const login = firstLogin(
        made(wrong),
        false,
        {
          ...ports,
          onStep(_step, _state, ...said) {
            if (said.length === 0) return;
            seen.push(inEnglish(said));
            stopping.abort(new Error('seen enough'));
          },
        },
        stopping.signal,
      );
      await expect(login).rejects.toThrow();
      expect(seen[0]).toContain('HS_SSH_HOST_KEY_MISMATCH');
    });

    it('replaces the one-time key by one made there, and remembers that one alone', async () => {
      const rotated = await firstLogin(made(record()), false, ports, signal);
      const [fingerprint] = rotated.hostKeyFingerprints;
      expect(rotated).toMatchObject({ hostKeyRotated: true, nextHostKeyFingerprint: undefined });
      expect(fingerprint).not.toBe(oneTime);
      const known = await ports.knownHosts.keysOf({ host: '127.0.0.1', port: server.port });
      expect(known.map((key) => key.fingerprint)).toEqual([fingerprint]);
      expect(fingerprintOf(await server.read('/etc/ssh/ssh_host_ed25519_key.pub'))).toBe(fingerprint);
      expect(await server.read('/etc/ssh/halfspread-next-host-key')).toBe('');
      expect((await readdir(join(folder, 'keys', DEPLOY_ID))).sort()).toEqual(['login', 'login.pub']);
      expect(ports.servers.ofSite('fsn-1')).toMatchObject({ hostKeyRotated: true });
      expect(steps.filter((step) => step.endsWith('done'))).toEqual(['cloudLogin done', 'cloudRotate done']);
    });

    it('changes nothing the second time', async () => {
      steps.length = 0;
      const before = ports.servers.ofSite('fsn-1')!;
      expect(await firstLogin(made(before), false, ports, signal)).toEqual(before);
      expect(steps.at(-1)).toBe('cloudRotate unchanged');
    });

    it('goes on after a crash between the new key and its record: either key of the record may be shown', async () => {
      const rotated = ports.servers.ofSite('fsn-1')!;
      const crashed = record({ nextHostKeyFingerprint: rotated.hostKeyFingerprints[0] });
      const again = await firstLogin(made(crashed), false, ports, signal);
      expect(again.hostKeyRotated).toBe(true);
      expect(fingerprintOf(await server.read('/etc/ssh/ssh_host_ed25519_key.pub'))).toBe(again.hostKeyFingerprints[0]);
    });

    it('leaves the key of a cloud that attests host keys', async () => {
      const known = ports.servers.ofSite('fsn-1')!;
      steps.length = 0;
      await firstLogin(made(known), true, ports, signal);
      expect(steps).not.toContain('cloudRotate running');
    });
  },
);
