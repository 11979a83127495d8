/** A real OpenSSH server on loopback for tests: own configuration, keys and port, ended with the test. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const SSHD = '/usr/sbin/sshd';

/** Why no server can be started here; undefined when one can. */
export const noSshd: string | undefined = existsSync(SSHD)
  ? undefined
  : 'no sshd on this machine (Debian: apt-get install openssh-server)';

export interface LoopbackSshd {
  port: number;
  user: string;
  /** Private key that may log in. */
  identityFile: string;
  /** Of its ED25519 host key. */
  fingerprint: string;
  /** Another host key from the next connection on, as if the server were made anew. */
  changeHostKey(): Promise<void>;
  /** Ends everybody who is logged in. */
  endSessions(): Promise<void>;
  stop(): Promise<void>;
}

export interface SshdOptions {
  /** Its files; short path. */
  folder: string;
  /** Programs of the sessions; the folders of the system follow. */
  pathFirst?: string[];
  passwords?: boolean;
  /** AllowTcpForwarding. */
  forwarding?: 'yes' | 'no';
  /** Passphrase of the login key. */
  passphrase?: string;
  port?: number;
}

export async function startSshd(options: SshdOptions): Promise<LoopbackSshd> {
  const { folder } = options;
  // A home of its own: start-up files of this machine's user would slow every command down.
  await mkdir(join(folder, 'home'), { recursive: true, mode: 0o700 });
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const port = options.port ?? (await freePort());
  const identityFile = join(folder, 'login');
  makeKey(identityFile, options.passphrase ?? '');
  await writeFile(join(folder, 'authorized_keys'), await readFile(`${identityFile}.pub`));
  // Read with the rights of who logs in.
  await chmod(join(folder, 'authorized_keys'), 0o644);
  await chmod(folder, 0o711);
  makeKey(join(folder, 'host'), '');
  await writeFile(join(folder, 'sshd_config'), configText(options, port));
  let server = await launch(folder, port);
  return {
    port,
    user: userInfo().username,
    identityFile,
    fingerprint: fingerprintOf(join(folder, 'host')),
    async changeHostKey() {
      await server.stop();
      await rm(join(folder, 'host'));
      await rm(join(folder, 'host.pub'));
      makeKey(join(folder, 'host'), '');
      server = await launch(folder, port);
    },
    endSessions: () => server.endSessions(),
    stop: () => server.stop(),
  };
}

function configText(
  { folder, pathFirst = [], passwords = false, forwarding = 'yes' }: SshdOptions,
  port: number,
): string {
  const path = [...pathFirst, '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].join(':');
  return `Port ${port}
ListenAddress 127.0.0.1
HostKey ${folder}/host
PidFile none
AuthorizedKeysFile ${folder}/authorized_keys
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication ${passwords ? 'yes' : 'no'}
KbdInteractiveAuthentication no
AllowTcpForwarding ${forwarding}
MaxStartups 200
MaxSessions 50
PrintMotd no
SetEnv PATH=${path} HOME=${folder}/home
LogLevel ERROR
`;
}

interface Launched {
  endSessions(): Promise<void>;
  stop(): Promise<void>;
}

async function launch(folder: string, port: number): Promise<Launched> {
  const child = spawn(SSHD, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; !(await isListening(port)); tries++) {
    if (child.exitCode !== null || tries > 100) throw new Error(`sshd did not start: ${stderr}`);
    await delay(50);
  }
  return {
    async endSessions() {
      const pid = String(child.pid);
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
      for (const session of children.split(' ').filter((text) => text !== '')) process.kill(Number(session), 'SIGKILL');
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function isListening(port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return (await readFile('/proc/net/tcp', 'utf8')).includes(`0100007F:${hex} 00000000:0000 0A`);
}

export function makeKey(file: string, passphrase: string): void {
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'halfspread-test', '-f', file]);
  if (made.status !== 0) throw new Error(`ssh-keygen: ${String(made.stderr)}`);
}

function fingerprintOf(file: string): string {
  const { stdout } = spawnSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' });
  return stdout.split(' ')[1] ?? '';
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
