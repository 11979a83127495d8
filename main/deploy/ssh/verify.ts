import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { decideHostKey, type HostKey } from './host-key.ts';
import type { KnownHosts } from './known-hosts.ts';
import { scanHostKeys } from './scan.ts';
import { describeAddress, type SshAddress, type SshTarget } from './target.ts';

/** What a person is asked when nothing else can tell whether a server is the right one. */
export interface HostKeyQuestion {
  host: string;
  port: number;
  /** The key that would be remembered. */
  type: string;
  fingerprint: string;
}

export interface VerifyOptions {
  target: SshTarget;
  knownHosts: KnownHosts;
  /** Fingerprints of the target from the operator or the provider's API. */
  expected: string[];
  /** Resolves with true only when a person has compared the fingerprint. Absent: nobody can be asked. */
  confirm: ((question: HostKeyQuestion) => Promise<boolean>) | undefined;
  signal: AbortSignal;
}

export interface VerifiedHost {
  key: HostKey;
  /** Remembered now, not earlier. */
  isNew: boolean;
}

/**
 * Verifies the target's host key, and first those of the jump hosts before it, and remembers them. No secret moves before.
 * @returns the target's key
 * @throws HalfspreadError HS_SSH_HOST_KEY_MISMATCH, HS_SSH_HOST_KEY_CHANGED, HS_SSH_HOST_KEY_UNVERIFIED, HS_SSH_...
 */
export async function verifyHostKeys(options: VerifyOptions): Promise<VerifiedHost> {
  const { jump } = options.target;
  for (const [index, address] of jump.entries()) {
    await verifyOne(options, address, jump.slice(0, index), []);
  }
  return verifyOne(options, options.target, jump, options.expected);
}

async function verifyOne(
  { target, knownHosts, confirm, signal }: VerifyOptions,
  address: SshAddress,
  jump: SshAddress[],
  expected: string[],
): Promise<VerifiedHost> {
  const shown = await scanHostKeys({
    address,
    jump,
    identityFile: target.identityFile,
    knownHostsFile: knownHosts.file,
    signal,
  });
  const known = await knownHosts.keysOf(address);
  const decision = decideHostKey(shown, known, expected);
  switch (decision.verdict) {
    case 'verified':
      if (decision.isNew) await knownHosts.remember(address, decision.key);
      return { key: decision.key, isNew: decision.isNew };
    case 'ask': {
      const { host, port } = address;
      const { type, fingerprint } = decision.key;
      const accepted = confirm ? await confirm({ host, port, type, fingerprint }) : false;
      signal.throwIfAborted();
      if (!accepted) throw unverified(address, decision.key);
      await knownHosts.remember(address, decision.key);
      return { key: decision.key, isNew: true };
    }
    case 'mismatch':
      throw new HalfspreadError(
        'HS_SSH_HOST_KEY_MISMATCH',
        `${describeAddress(address)} does not show the expected host key but ${names(decision.instead)}. Nothing was sent.`,
        'Check the address and read the fingerprint again where you trust it. If both are right, somebody is in between: do not go on.',
      );
    case 'changed':
      throw new HalfspreadError(
        'HS_SSH_HOST_KEY_CHANGED',
        `${describeAddress(address)} shows another host key than the one that was verified: ${names(decision.instead)} instead of ${names(decision.known)}. Somebody may be in between, or the server was made anew. Nothing was sent.`,
        'Read the server’s fingerprint where you trust it (the provider’s console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and deploy with --fingerprint SHA256:... only if it matches.',
      );
  }
}

function unverified(address: SshAddress, { type, fingerprint }: HostKey): HalfspreadError {
  return new HalfspreadError(
    'HS_SSH_HOST_KEY_UNVERIFIED',
    `Nobody has verified the host key of ${describeAddress(address)}: ${type} ${fingerprint}. Nothing was sent.`,
    `Compare it with what the server’s console prints (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub); if it is the same, deploy with --fingerprint ${fingerprint}.`,
  );
}

function names(keys: HostKey[]): string {
  return keys.map(({ type, fingerprint }) => `${type} ${fingerprint}`).join(', ');
}
