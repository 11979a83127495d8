import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';

export interface SshKeyPair {
  /** OpenSSH PEM. */
  privateKey: string;
  /** "ssh-ed25519 AAAA... comment". */
  publicKey: string;
}

/** A new Ed25519 key in OpenSSH's own form, made by ssh-keygen. @throws HalfspreadError HS_SSH_MISSING */
export async function newSshKey(comment: string): Promise<SshKeyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'hs-key-'));
  try {
    const file = join(folder, 'key');
    const child = spawn('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file], {
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`ssh-keygen ended with ${code}`);
    const [privateKey, publicKey] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.pub`, 'utf8')]);
    return { privateKey, publicKey: publicKey.trim() };
  } catch (cause) {
    throw new HalfspreadError(
      'HS_SSH_MISSING',
      'No SSH key could be made: ssh-keygen of OpenSSH did not run.',
      'Install the OpenSSH client (Debian: openssh-client; Windows: the optional feature "OpenSSH Client").',
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * cloud-init text for a cloud that does not attest host keys. It carries the login key's public half and a one-time host
 * key: the first connection is accepted only if the server shows that one, and then it is replaced by a key made on the
 * server, because this text stays readable from inside the server. It never holds a token, a trading key or an agent's secret.
 */
export function firstBootUserData(options: { loginPublicKey: string; hostKey: SshKeyPair }): string {
  const body = stringify(
    {
      ssh_deletekeys: true,
      ssh_keys: { ed25519_private: options.hostKey.privateKey, ed25519_public: options.hostKey.publicKey },
      ssh_pwauth: false,
      disable_root: false,
      ssh_authorized_keys: [options.loginPublicKey],
      package_update: false,
    },
    { lineWidth: 0 },
  );
  // The first line must be exactly this: cloud-init ignores the text otherwise.
  return `#cloud-config\n${body}`;
}
