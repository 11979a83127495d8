/** Uploads and failures over a real ssh session. */
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, type RemoteScript } from './host.ts';
import { openKnownHosts } from './ssh/known-hosts.ts';
import { openSshSession, type SshSession } from './ssh/session.ts';
import { noSshd, startSshd, type LoopbackSshd } from './ssh/sshd.test-helper.ts';
import { verifyHostKeys } from './ssh/verify.ts';

const { signal } = new AbortController();
const script = (body: string, change: Partial<RemoteScript> = {}): RemoteScript => ({
  name: 'test',
  runsAs: 'login',
  body,
  args: [],
  ...change,
});

describe.skipIf(noSshd !== undefined)(`a server over ssh${noSshd === undefined ? '' : `: ${noSshd}`}`, () => {
  let folder: string;
  let sshd: LoopbackSshd;
  let session: SshSession;
  let host: Host;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hslab-'));
    sshd = await startSshd({ folder: join(folder, 's') });
    const target = { host: '127.0.0.1', port: sshd.port, user: sshd.user, jump: [], identityFile: sshd.identityFile };
    const knownHosts = openKnownHosts(join(folder, 'known'));
    await verifyHostKeys({ target, knownHosts, expected: [sshd.fingerprint], confirm: undefined, signal });
    session = await openSshSession({ target, knownHostsFile: knownHosts.file, secrets: {}, signal });
    host = new Host(session, '127.0.0.1', signal);
  });
  afterAll(async () => {
    await session.close();
    await sshd.stop();
    await rm(folder, { recursive: true });
  });

  it('an upload goes on where it stopped, whatever the length, and what is there twice does no harm', async () => {
    const data = Buffer.alloc(700_001, 'halfspread ');
    const file = join(folder, 'local');
    const remote = join(folder, 'remote file');
    await writeFile(file, data);
    const sent: number[] = [];
    const upload = () => host.upload(file, data.length, remote, ({ bytesDone }) => void sent.push(bytesDone));
    await upload();
    expect(await readFile(remote)).toEqual(data);
    for (const length of [0, 1, 65_535, 65_536, 70_000, 700_000]) {
      await truncate(remote, length);
      await upload();
      expect(
        createHash('sha256')
          .update(await readFile(remote))
          .digest('hex'),
        `from ${length}`,
      ).toBe(createHash('sha256').update(data).digest('hex'));
    }
    expect(Math.max(...sent)).toBe(data.length);
    // Longer than it should be: complete as far as uploading goes; its hash will tell.
    await appendFile(remote, 'x');
    await upload();
  });

  it('arguments and standard input arrive as they are, and secrets of the shell stay out', async () => {
    const nasty = `it's "$HOME" \`id\` $(id) ; rm -rf / #`;
    const output = await host.run(script(`say first "$1"; say input "$(cat)"`, { args: [nasty], input: nasty }));
    expect(output.get('first')).toBe(nasty);
    expect(output.get('input')).toBe(nasty);
  });

  it.each<[string, string]>([
    ['HS_DEPLOY_DISK_FULL', 'echo "cp: No space left on device" >&2; exit 1'],
    ['HS_DEPLOY_READ_ONLY', 'echo "mkdir: Read-only file system" >&2; exit 1'],
    ['HS_DEPLOY_PERMISSION', 'echo "mkdir: cannot create: Permission denied" >&2; exit 1'],
    ['HS_DEPLOY_NO_ROOT', 'echo "x is not in the sudoers file." >&2; exit 1'],
    ['HS_DEPLOY_SUDO_PASSWORD', 'echo "sudo: 1 incorrect password attempt" >&2; exit 1'],
    ['HS_DEPLOY_HASH', 'fail HASH "The upload"'],
    ['HS_NOT_RUNNING', `echo '{"error":{"code":"HS_NOT_RUNNING","message":"m","remedy":"r"}}'; exit 3`],
    ['HS_DEPLOY_REMOTE', 'exit 7'],
  ])('%s', async (code, body) => {
    await expect(host.run(script(body))).rejects.toMatchObject({ code });
  });

  it('tells the clock within its own bound of error', async () => {
    const { offsetMs, errorMs } = await host.clock();
    expect(Math.abs(offsetMs)).toBeLessThanOrEqual(errorMs + 1);
  });
});
