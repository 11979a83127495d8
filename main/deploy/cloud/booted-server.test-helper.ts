/**
 * A server as a cloud hands it out, for tests: a real sshd that sees its own copy of this machine's file system (an overlay
 * in a mount and process namespace), set up from cloud-init text. Whatever is done there is gone with it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { freePort, noSshd } from '../ssh/sshd.test-helper.ts';

const TRY =
  'mount -t tmpfs t /mnt && mkdir /mnt/u /mnt/w /mnt/m && mount -t overlay o -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/m';

/** Why no such server can be made here; undefined when one can. */
export const noServers: string | undefined =
  noSshd ??
  (userInfo().uid !== 0
    ? 'only root may make namespaces'
    : spawnSync('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', TRY]).status === 0
      ? undefined
      : 'no overlay in a mount namespace here');

export interface BootedServer {
  port: number;
  /** Text of a file there; "" when there is none. */
  read(path: string): Promise<string>;
  stop(): Promise<void>;
}

const userDataSchema = z.object({
  ssh_keys: z.object({ ed25519_private: z.string(), ed25519_public: z.string() }),
  ssh_authorized_keys: z.array(z.string()),
});

const BOOT = String.raw`
set -e
at=$1
mount -t tmpfs t "$at"
mkdir "$at/u" "$at/w" "$at/m"
mount -t overlay o -o "lowerdir=/,upperdir=$at/u,workdir=$at/w" "$at/m"
root=$at/m
mount -t proc p "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs t "$root/run"
mkdir -p "$root/run/sshd"
rm -f "$root"/etc/ssh/ssh_host_* "$root"/root/.bashrc "$root"/root/.profile "$root"/root/.bash_profile "$root"/etc/profile "$root"/etc/bash.bashrc
rm -rf "$root/etc/profile.d" "$root/root/.ssh"
mkdir "$root/root/.ssh"
cp "$2/host" "$root/etc/ssh/ssh_host_ed25519_key"
cp "$2/host.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"
chmod 600 "$root/etc/ssh/ssh_host_ed25519_key"
cp "$2/authorized_keys" "$root/root/.ssh/authorized_keys"
cp "$2/sshd_config" "$root/etc/ssh/sshd_config"
chmod 700 "$root/root" "$root/root/.ssh"
if [ -n "$3" ]; then
  touch "$root/usr/local/bin/node"
  mount --bind "$3" "$root/usr/local/bin/node"
fi
exec chroot "$root" /usr/sbin/sshd -D -e
`;

/** @param node a Node of this machine that is installed there @param askedPort of its sshd; absent: any */
export async function bootServer(userData: string, node = '', askedPort?: number): Promise<BootedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hs-boot-'));
  const { ssh_keys: keys, ssh_authorized_keys: authorized } = userDataSchema.parse(parse(userData));
  const port = askedPort ?? (await freePort());
  const files = join(folder, 'files');
  await mkdir(files);
  await mkdir(join(folder, 'root'));
  await writeFile(join(files, 'host'), keys.ed25519_private, { mode: 0o600 });
  await writeFile(join(files, 'host.pub'), `${keys.ed25519_public}\n`);
  await writeFile(join(files, 'authorized_keys'), authorized.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  await writeFile(
    join(files, 'sshd_config'),
    `Port ${port}\nListenAddress 127.0.0.1\nPermitRootLogin prohibit-password\nPidFile /run/sshd.pid\nUsePAM no\nStrictModes no\nMaxSessions 50\nMaxStartups 200\nLogLevel ERROR\n`,
  );
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--propagation',
      'private',
      'sh',
      '-c',
      BOOT,
      'boot',
      join(folder, 'root'),
      files,
      node,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  for (let tries = 0; !(await listens(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`the server did not boot: ${stderr}`);
    await delay(50);
  }
  return {
    port,
    // Its file system is seen through its first process.
    read: (file) => readFile(`/proc/${innerPid(child.pid ?? 0)}/root${file}`, 'utf8').catch(() => ''),
    async stop() {
      const ended = once(child, 'exit');
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The sshd below unshare. */
function innerPid(pid: number): string {
  return (
    spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .stdout.trim()
      .split(/\s+/)[0] ?? ''
  );
}

async function listens(port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return (await readFile('/proc/net/tcp', 'utf8')).includes(`0100007F:${hex} 00000000:0000 0A`);
}
