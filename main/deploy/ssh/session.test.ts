import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKnownHosts } from './known-hosts.ts';
import { openSshSession } from './session.ts';
import { freePort, noSshd, startSshd, type LoopbackSshd } from './sshd.test-helper.ts';
import type { SshTarget } from './target.ts';
import { verifyHostKeys } from './verify.ts';

const { signal } = new AbortController();
const never = () => Promise.resolve(false);

describe.skipIf(noSshd !== undefined)(`ssh against a real server${noSshd === undefined ? '' : `: ${noSshd}`}`, () => {
  let folder: string;
  let sshd: LoopbackSshd;
  let locked: LoopbackSshd;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hs-'));
    sshd = await startSshd({ folder: join(folder, 'a') });
    locked = await startSshd({ folder: join(folder, 'b'), passphrase: 'open sesame' });
  });
  afterAll(async () => {
    await Promise.all([sshd.stop(), locked.stop()]);
    await rm(folder, { recursive: true });
  });

  const targetOf = (server: LoopbackSshd, change: Partial<SshTarget> = {}): SshTarget => ({
    host: '127.0.0.1',
    port: server.port,
    user: server.user,
    jump: [],
    identityFile: server.identityFile,
    ...change,
  });

  async function verified(name: string, target: SshTarget, expected: string[]): Promise<string> {
    const knownHosts = openKnownHosts(join(folder, name));
    await verifyHostKeys({ target, knownHosts, expected, confirm: undefined, signal });
    return knownHosts.file;
  }

  it('logs in after the fingerprint was verified, runs commands over one connection, and leaves nothing behind', async () => {
    const target = targetOf(sshd);
    const knownHostsFile = await verified('known', target, [sshd.fingerprint]);
    const session = await openSshSession({ target, knownHostsFile, secrets: {}, signal });
    const run = (command: string, input?: string) => session.exec(command, { input, signal, timeoutMs: 10_000 });
    expect(await run('echo "$SSH_CONNECTION" | cut -d " " -f 2; exit 7')).toMatchObject({ code: 7 });
    const [first, second] = await Promise.all([run('echo "$SSH_CONNECTION"'), run('echo "$SSH_CONNECTION"')]);
    expect(first.stdout).toBe(second.stdout);
    expect((await run('cat', 'over standard input')).stdout).toBe('over standard input');
    await session.close();
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith(`hs-ssh-${process.pid}-`));
    expect(left).toEqual([]);
  });

  it('refuses a key nobody verified, a wrong expected one, and a changed one, before anything is sent', async () => {
    const server = await startSshd({ folder: join(folder, 'c') });
    const target = targetOf(server);
    const knownHosts = openKnownHosts(join(folder, 'changing'));
    const verify = (expected: string[]) => verifyHostKeys({ target, knownHosts, expected, confirm: never, signal });
    await expect(verify([])).rejects.toMatchObject({ code: 'HS_SSH_HOST_KEY_UNVERIFIED' });
    await expect(verify([sshd.fingerprint])).rejects.toMatchObject({ code: 'HS_SSH_HOST_KEY_MISMATCH' });
    await expect(
      openSshSession({ target, knownHostsFile: knownHosts.file, secrets: {}, signal }),
    ).rejects.toMatchObject({
      code: 'HS_SSH_HOST_KEY_UNVERIFIED',
    });
    await verify([server.fingerprint]);
    expect(await verify([])).toMatchObject({ isNew: false });
    await server.changeHostKey();
    await expect(verify([])).rejects.toMatchObject({ code: 'HS_SSH_HOST_KEY_CHANGED' });
    await expect(
      openSshSession({ target, knownHostsFile: knownHosts.file, secrets: {}, signal }),
    ).rejects.toMatchObject({
      code: 'HS_SSH_HOST_KEY_CHANGED',
    });
    await server.stop();
  });

  it('opens a key with its passphrase, which is in no argument and no environment', async () => {
    const target = targetOf(locked);
    const knownHostsFile = await verified('locked', target, [locked.fingerprint]);
    await expect(
      openSshSession({ target, knownHostsFile, secrets: { passphrase: 'wrong' }, signal }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/HS_SSH_(PASSPHRASE|DENIED)/) as string });
    const opening = openSshSession({ target, knownHostsFile, secrets: { passphrase: 'open sesame' }, signal });
    const seen = processesAndEnvironments();
    const session = await opening;
    expect(seen).not.toContain('sesame');
    expect((await session.exec('echo in', { signal, timeoutMs: 10_000 })).stdout).toBe('in\n');
    await session.close();
  });

  it('names what is wrong: nobody listens, an unknown name, a key that is not accepted', async () => {
    const knownHostsFile = await verified('wrong', targetOf(sshd), [sshd.fingerprint]);
    const open = (change: Partial<SshTarget>) =>
      openSshSession({ target: targetOf(sshd, change), knownHostsFile, secrets: {}, signal });
    await expect(open({ port: await freePort() })).rejects.toMatchObject({ code: 'HS_SSH_REFUSED' });
    await expect(open({ host: 'no-such-host.invalid' })).rejects.toMatchObject({ code: 'HS_SSH_HOST_UNKNOWN' });
    await expect(open({ identityFile: join(folder, 'c', 'login') })).rejects.toMatchObject({ code: 'HS_SSH_DENIED' });
  });

  it('goes over a jump host, whose key is verified too', async () => {
    const jump = [{ host: '127.0.0.1', port: sshd.port, user: sshd.user }];
    const server = await startSshd({ folder: join(folder, 'd') });
    await writeFile(
      join(folder, 'd', 'authorized_keys'),
      spawnSync('cat', [`${sshd.identityFile}.pub`], { encoding: 'utf8' }).stdout,
    );
    const target = targetOf(server, { jump, identityFile: sshd.identityFile });
    const knownHosts = openKnownHosts(join(folder, 'jumped'));
    const asked: number[] = [];
    const confirm = (question: { port: number }) => {
      asked.push(question.port);
      return Promise.resolve(true);
    };
    await verifyHostKeys({ target, knownHosts, expected: [server.fingerprint], confirm, signal });
    expect(asked).toEqual([sshd.port]);
    const session = await openSshSession({ target, knownHostsFile: knownHosts.file, secrets: {}, signal });
    expect((await session.exec('echo through', { signal, timeoutMs: 10_000 })).stdout).toBe('through\n');
    await session.close();
    await server.stop();
  });

  it.skipIf(userInfo().uid !== 0)('logs in by password, given through a pipe', async () => {
    const name = `hs-test-${process.pid}`;
    spawnSync('useradd', ['--no-create-home', '--home-dir', '/', '--shell', '/bin/sh', name]);
    const server = await startSshd({ folder: join(folder, 'e'), passwords: true });
    try {
      spawnSync('chpasswd', [], { input: `${name}:correct horse\n` });
      const target = targetOf(server, { user: name, identityFile: undefined });
      const knownHostsFile = await verified('password', target, [server.fingerprint]);
      const session = await openSshSession({ target, knownHostsFile, secrets: { password: 'correct horse' }, signal });
      expect((await session.exec('id -un', { signal, timeoutMs: 10_000 })).stdout).toBe(`${name}\n`);
      await session.close();
      await expect(
        openSshSession({ target, knownHostsFile, secrets: { password: 'wrong' }, signal }),
      ).rejects.toMatchObject({ code: 'HS_SSH_DENIED' });
    } finally {
      await server.stop();
      spawnSync('userdel', [name]);
    }
  });

  it('stops when asked to, and ends its ssh', async () => {
    const target = targetOf(sshd);
    const knownHostsFile = await verified('stopping', target, [sshd.fingerprint]);
    const session = await openSshSession({ target, knownHostsFile, secrets: {}, signal });
    const stopping = new AbortController();
    const run = session.exec('echo begun; sleep 60', {
      signal: stopping.signal,
      timeoutMs: 60_000,
      onLine: () => stopping.abort(new Error('stopped by the test')),
    });
    await expect(run).rejects.toThrow('stopped by the test');
    await session.close();
  });
});

/** All command lines and environments of this machine that we may read. */
function processesAndEnvironments(): string {
  return spawnSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).stdout;
}
