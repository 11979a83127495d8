import type { SiteLink } from './place-schema.ts';
import type { Site } from './site-schema.ts';

/** A deployed site for tests that only read it. */
export function sampleSite(name: string, change: Partial<Site> = {}): Site {
  return {
    id: '6f0f8a52-0c4b-4d0e-9a5e-0f5f6f6d7a10',
    name,
    host: '203.0.113.9',
    port: 22,
    user: 'root',
    prefix: '/opt/halfspread',
    service: 'systemd',
    ownUser: true,
    hostKeyFingerprint: `SHA256:${'A'.repeat(43)}`,
    agent: {
      port: 7411,
      agentId: 'A'.repeat(43),
      spkiPin: `${'A'.repeat(43)}=`,
      certificatePem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      publicKey: 'AAAA',
      reachable: true,
    },
    version: '0.1.0',
    release: '0.1.0-3f2a9c1b',
    runtime: 'node-v24.21.0-linux-x64',
    facts: {
      os: 'Linux',
      arch: 'x86_64',
      libc: 'glibc 2.39',
      distribution: 'Debian 12',
      systemd: true,
      memoryMiB: 957,
      diskFreeMiB: 36_400,
      clockOffsetMs: 0.4,
      clockErrorMs: 20,
      portBusy: false,
      releases: [],
      venueConnectMs: [],
    },
    createdAt: 0,
    deployedAt: 0,
    ...change,
  };
}

/** The link to its agent, connected. */
export function sampleLink(site: string, change: Partial<SiteLink> = {}): SiteLink {
  return {
    site,
    link: { state: 'ready', rtt: { n: 0 }, attempt: 0 },
    holdsDesk: false,
    isUnlocking: false,
    staysLocked: false,
    ...change,
  };
}
