/**
 * A fresh Debian server with systemd as PID 1 and a network of its own without a way out: a copy-on-write root over a cached base
 * system, in systemd-nspawn. Needs root and namespaces.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Outside of the tree, kept over runs; about 300 MB. */
const BASE = process.env['HALFSPREAD_GUEST_BASE'] ?? '/var/cache/halfspread/debian-bookworm';
const PACKAGES = 'systemd,systemd-sysv,dbus,openssh-server,iproute2,procps,sudo';
const BOOT_TIMEOUT_MS = 90_000;

export interface Guest {
  address: string;
  identityFile: string;
  /** May become root by sudo with this password. */
  sudoer: { name: string; password: string };
  fingerprint: string;
  /** Runs a command inside as root, next to ssh: for looking. */
  inside(command: string): { status: number | null; output: string };
  /** As its own reboot command does it. */
  reboot(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there can be no guest here; undefined when there can. */
export function whyNoGuest(): string | undefined {
  if (userInfo().uid !== 0) return 'a systemd guest needs root';
  const missing = ['systemd-nspawn', 'debootstrap', 'ip', 'ssh-keygen'].filter((name) => !isInstalled(name));
  if (missing.length > 0)
    return `a systemd guest needs ${missing.join(', ')} (Debian: systemd-container debootstrap iproute2)`;
  const probe = spawnSync('unshare', ['-n', '-m', 'true']);
  return probe.status === 0 ? undefined : 'this machine allows no network or mount namespaces';
}

export async function startGuest(say: (text: string) => void): Promise<Guest> {
  await ensureBase(say);
  const folder = await mkdtemp(join(tmpdir(), 'hsguest-'));
  const id = process.pid % 250;
  const network = `hs${process.pid}`;
  const root = join(folder, 'root');
  const address = `10.213.${id}.2`;
  for (const name of ['root', 'upper', 'work']) await mkdir(join(folder, name));
  must('mount', [
    '-t',
    'overlay',
    'overlay',
    '-o',
    `lowerdir=${BASE},upperdir=${folder}/upper,workdir=${folder}/work`,
    root,
  ]);
  const sudoer = { name: 'deployer', password: 'tall order 7' };
  const fingerprint = await furnish(root, folder, sudoer);
  layNetwork(network, id, address);
  let machine = await boot(root, network, address, folder);
  say(`guest is up at ${address}`);
  return {
    address,
    identityFile: join(folder, 'login'),
    sudoer,
    fingerprint,
    inside(command) {
      const { status, stdout, stderr } = spawnSync(
        'nsenter',
        ['-t', String(leaderOf(machine)), '-a', 'sh', '-c', command],
        { encoding: 'utf8' },
      );
      return { status, output: `${stdout}${stderr}`.trim() };
    },
    async reboot() {
      const ended = new Promise<void>((resolve) => machine.once('exit', () => resolve()));
      spawnSync('nsenter', ['-t', String(leaderOf(machine)), '-a', 'systemctl', 'poweroff']);
      await ended;
      machine = await boot(root, network, address, folder);
    },
    async stop() {
      const ended = new Promise<void>((resolve) => machine.once('exit', () => resolve()));
      machine.kill('SIGTERM');
      const forced = setTimeout(() => machine.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(forced);
      spawnSync('ip', ['link', 'delete', `${network}h`]);
      spawnSync('ip', ['netns', 'delete', network]);
      must('umount', [root]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ensureBase(say: (text: string) => void): Promise<void> {
  if (existsSync(join(BASE, 'etc/os-release'))) return;
  say(`making the base system in ${BASE} (once, a minute or more)`);
  const making = `${BASE}.${process.pid}`;
  await mkdir(making, { recursive: true });
  must('debootstrap', ['--variant=minbase', `--include=${PACKAGES}`, 'bookworm', making]);
  await rename(making, BASE);
}

/** Keys, users and the host's identity, fresh for this guest. @returns its host key's fingerprint */
async function furnish(root: string, folder: string, sudoer: Guest['sudoer']): Promise<string> {
  must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'login')]);
  const key = await readFile(join(folder, 'login.pub'), 'utf8');
  must('chroot', [root, 'sh', '-c', 'rm -f /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null']);
  must('chroot', [root, 'useradd', '--create-home', '--shell', '/bin/bash', '--groups', 'sudo', sudoer.name]);
  must('chroot', [root, 'chpasswd'], `${sudoer.name}:${sudoer.password}\n`);
  for (const [home, owner] of [
    ['root', 'root'],
    [`home/${sudoer.name}`, sudoer.name],
  ] as const) {
    await mkdir(join(root, home, '.ssh'), { recursive: true, mode: 0o700 });
    await writeFile(join(root, home, '.ssh/authorized_keys'), key, { mode: 0o600 });
    must('chroot', [root, 'chown', '-R', `${owner}:${owner}`, `/${home}/.ssh`]);
  }
  await writeFile(join(root, 'etc/hostname'), 'guest\n');
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost guest\n');
  await rm(join(root, 'etc/resolv.conf'), { force: true });
  const { stdout } = spawnSync('ssh-keygen', ['-lf', join(root, 'etc/ssh/ssh_host_ed25519_key.pub')], {
    encoding: 'utf8',
  });
  return stdout.split(' ')[1] ?? '';
}

function layNetwork(network: string, id: number, address: string): void {
  must('ip', ['netns', 'add', network]);
  must('ip', ['link', 'add', `${network}h`, 'type', 'veth', 'peer', 'name', 'host0', 'netns', network]);
  must('ip', ['address', 'add', `10.213.${id}.1/24`, 'dev', `${network}h`]);
  must('ip', ['link', 'set', `${network}h`, 'up']);
  must('ip', ['-n', network, 'address', 'add', `${address}/24`, 'dev', 'host0']);
  must('ip', ['-n', network, 'link', 'set', 'host0', 'up']);
  must('ip', ['-n', network, 'link', 'set', 'lo', 'up']);
}

/** Started directly: `ip netns exec` remounts /sys, which breaks nspawn. */
async function boot(root: string, network: string, address: string, folder: string): Promise<ChildProcess> {
  const log = await open(join(folder, 'console.log'), 'a');
  const machine = spawn(
    'systemd-nspawn',
    ['-q', `--network-namespace-path=/run/netns/${network}`, '-D', root, '--register=no', '--keep-unit', '-b'],
    { stdio: ['ignore', log.fd, log.fd] },
  );
  await log.close();
  const startedMs = performance.now();
  while (!(await answers(address))) {
    if (machine.exitCode !== null || performance.now() - startedMs > BOOT_TIMEOUT_MS) {
      throw new Error(
        `the guest does not come up: ${(await readFile(join(folder, 'console.log'), 'utf8')).slice(-1_000)}`,
      );
    }
    await delay(200);
  }
  return machine;
}

/** The guest's PID 1, as this machine numbers it. */
function leaderOf(machine: ChildProcess): number {
  const { stdout } = spawnSync('pgrep', ['-P', String(machine.pid)], { encoding: 'utf8' });
  return Number(stdout.trim().split('\n')[0]);
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    // A listening socket is not yet a server: its greeting is.
    socket.once('data', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

function isInstalled(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

function must(program: string, args: string[], input?: string): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', input });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
