import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child.ts';
import { sshConfig, TARGET_ALIAS } from './config.ts';
import { sshFailure } from './failure.ts';
import { parseHostKeyLines, type HostKey } from './host-key.ts';
import type { SshAddress } from './target.ts';

const SCAN_TIMEOUT_S = 15;
const SCAN_TIMEOUT_MS = 40_000;
/** Most common first; a server is asked for the next only when the one before is not the expected key. */
const ALGORITHMS = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512,rsa-sha2-256'];

export interface ScanOptions {
  address: SshAddress;
  /** Machines in between, whose keys are verified already. */
  jump: SshAddress[];
  identityFile?: string | undefined;
  knownHostsFile: string;
  signal: AbortSignal;
}

/**
 * The host keys a server shows. Nothing of ours is sent to it: directly by ssh-keyscan; behind a jump host by connections that
 * log in with method "none", which every server refuses after it has shown its key.
 * @throws HalfspreadError HS_SSH_... when no key could be had
 */
export function scanHostKeys(options: ScanOptions): Promise<HostKey[]> {
  return options.jump.length === 0 ? scanDirectly(options) : scanThroughJump(options);
}

async function scanDirectly({ address, signal }: ScanOptions): Promise<HostKey[]> {
  const { host, port } = address;
  const { stdout, stderr } = await runChild(
    'ssh-keyscan',
    ['-T', String(SCAN_TIMEOUT_S), '-p', String(port), '-t', 'ed25519,ecdsa,rsa', '--', host],
    { signal, timeoutMs: SCAN_TIMEOUT_MS },
  );
  const keys = parseHostKeyLines(stdout).map(({ key }) => key);
  if (keys.length > 0) return keys;
  const complaints = stderr
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .trim();
  throw sshFailure(complaints === '' ? await whyNoAnswer(host, port) : complaints, host);
}

/** ssh-keyscan says nothing when nobody answers: a plain connection tells why, in OpenSSH's words. */
function whyNoAnswer(host: string, port: number): Promise<string> {
  const words: Record<string, string> = {
    ECONNREFUSED: 'Connection refused',
    ENOTFOUND: 'Could not resolve hostname',
    EAI_AGAIN: 'Could not resolve hostname',
    EHOSTUNREACH: 'No route to host',
    ENETUNREACH: 'Network is unreachable',
  };
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const end = (text: string) => {
      socket.destroy();
      resolve(text);
    };
    socket.once('timeout', () => end('Connection timed out'));
    socket.once('connect', () => end('no SSH server answers on this port'));
    socket.once('error', (error) => end(('code' in error && words[String(error.code)]) || error.message));
  });
}

async function scanThroughJump(options: ScanOptions): Promise<HostKey[]> {
  const { address, jump, identityFile, knownHostsFile, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), `hs-ssh-${process.pid}-`));
  const keys: HostKey[] = [];
  let stderr = '';
  try {
    for (const algorithm of ALGORITHMS) {
      const seenFile = join(folder, 'seen');
      await rm(seenFile, { force: true });
      const config = join(folder, 'config');
      const target = { ...address, jump, identityFile };
      const own = [
        `Host ${TARGET_ALIAS}`,
        `  UserKnownHostsFile "${seenFile}"`,
        '  StrictHostKeyChecking accept-new',
        '  PreferredAuthentications none',
        `  HostKeyAlgorithms ${algorithm}`,
      ].join('\n');
      const rest = sshConfig({ target, knownHostsFile, asks: false, passwordOnly: false });
      await writeFile(config, `${own}\n${rest}`, { mode: 0o600 });
      const run = await runChild('ssh', ['-F', config, '--', TARGET_ALIAS, 'exit'], {
        signal,
        timeoutMs: SCAN_TIMEOUT_MS,
      });
      stderr = run.stderr;
      keys.push(...(await seenKeys(seenFile)));
      // Without any key so far the way itself is broken: more tries say the same.
      if (keys.length === 0 && !/no matching host key type/i.test(stderr)) break;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (keys.length > 0) return keys;
  throw sshFailure(stderr, address.host);
}

async function seenKeys(file: string): Promise<HostKey[]> {
  try {
    return parseHostKeyLines(await readFile(file, 'utf8')).map(({ key }) => key);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
