import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { practiceSource } from '../../../engine/desk/practice-source.ts';
import { parseVenueSet } from '../../../engine/desk/venue-set.ts';
import { startPracticeVenues } from '../../../engine/practice/process.ts';
import { writeSmallTape } from '../../../engine/practice/tapes/tape-folders.fixture.ts';
import type { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { memoryStore } from '../memory-store.test-helper.ts';
import { openKnownHosts } from './known-hosts.ts';
import { freePort, noSshd, startSshd, type LoopbackSshd } from './sshd.test-helper.ts';
import { lineOf, throughTunnel, venuePorts } from './venue-addresses.ts';
import { openVenueTunnel, type VenueTunnelOptions } from './venue-tunnel.ts';
import { verifyHostKeys } from './verify.ts';

const { signal } = new AbortController();

describe.skipIf(noSshd !== undefined)(`tunnel of the venues${noSshd === undefined ? '' : `: ${noSshd}`}`, () => {
  let folder: string;
  let sshd: LoopbackSshd;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hs-'));
    sshd = await startSshd({ folder: join(folder, 'a') });
  });
  afterAll(async () => {
    await sshd.stop();
    await rm(folder, { recursive: true });
  });

  async function open(server: LoopbackSshd, change: Partial<VenueTunnelOptions> = {}) {
    const { port, user, identityFile } = server;
    const target = { host: '127.0.0.1', port, user, identityFile, jump: [] };
    const knownHosts = openKnownHosts(join(folder, 'known'));
    await verifyHostKeys({ target, knownHosts, expected: [server.fingerprint], confirm: undefined, signal });
    return openVenueTunnel({
      site: { name: 'lab', host: '127.0.0.1', port, user, identityFile },
      ports: [9],
      deploy: { knownHosts, secrets: memoryStore() },
      signal,
      onLost: (error) => expect.unreachable(`lost: ${error.message}`),
      ...change,
    });
  }

  it('lets an engine on the server reach the venues over a line of its own, and leaves nothing behind', async () => {
    const venues = await startPracticeVenues({
      tape: writeSmallTape().folder,
      network: 'adsl-rural',
      otherNetworks: ['vps-near'],
      fees: { kind: 'published' },
    });
    onTestFinished(() => venues.stop());
    const near = lineOf(venues.description, 'vps-near');
    const there = await open(sshd, { ports: venuePorts(near) });
    const tunnelled = throughTunnel(near, (port) => there.portThere(port));
    const set = parseVenueSet(JSON.parse(JSON.stringify(tunnelled)));
    expect(practiceSource(set).network).toBe('vps-near');
    const here = new Set(venuePorts(venues.description));
    expect(venuePorts(tunnelled).filter((port) => here.has(port))).toEqual([]);
    const [paradex, vest] = await Promise.all([
      fetch(`${set.paradex.restUrl}/system/config`),
      fetch(`${set.vest.restUrl}/exchangeInfo`),
    ]);
    expect([paradex.status, vest.status]).toEqual([200, 200]);
    await Promise.all([paradex.text(), vest.text()]);
    expect(() => there.portThere(1)).toThrow(expect.objectContaining({ code: 'HS_TUNNEL_PORT' }));

    await Promise.all([there.stop(), there.stop()]);
    await expect(fetch(`${set.paradex.restUrl}/system/config`)).rejects.toThrow();
    expect(await leftBehind()).toEqual([]);
  });

  it('says once when the server ends it, with nothing left of it', async () => {
    const server = await startSshd({ folder: join(folder, 'b') });
    const lost = Promise.withResolvers<HalfspreadError>();
    let calls = 0;
    const there = await open(server, {
      onLost(error) {
        calls++;
        lost.resolve(error);
      },
    });
    await server.endSessions();
    expect(await lost.promise).toMatchObject({ code: 'HS_TUNNEL_LOST' });
    await there.stop();
    expect(calls).toBe(1);
    expect(await leftBehind()).toEqual([]);
    await server.stop();
  });

  it('says what to allow where the server forbids it', async () => {
    const server = await startSshd({ folder: join(folder, 'c'), forwarding: 'no' });
    onTestFinished(() => server.stop());
    await expect(open(server)).rejects.toMatchObject({
      code: 'HS_TUNNEL_REFUSED',
      remedy: expect.stringContaining('AllowTcpForwarding'),
    });
    expect(await leftBehind()).toEqual([]);
  });

  it('names what is wrong with the login, and gives up when asked to', async () => {
    const gone = { ...sshd, port: await freePort() };
    await expect(
      openVenueTunnel({
        site: { name: 'lab', host: '127.0.0.1', port: gone.port, user: gone.user, identityFile: gone.identityFile },
        ports: [7100],
        deploy: { knownHosts: openKnownHosts(join(folder, 'known')), secrets: memoryStore() },
        signal,
        onLost: () => undefined,
      }),
    ).rejects.toMatchObject({ code: 'HS_SSH_REFUSED' });
    const given = AbortSignal.abort(new Error('given up by the test'));
    await expect(open(sshd, { signal: given })).rejects.toThrow('given up by the test');
    expect(await leftBehind()).toEqual([]);
  });
});

/** Folders and ssh processes of this test. */
async function leftBehind(): Promise<string[]> {
  const own = `hs-ssh-${process.pid}-`;
  const found = (await readdir(tmpdir())).filter((name) => name.startsWith(own));
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(own)) found.push(command.replaceAll('\0', ' '));
  }
  return found;
}
