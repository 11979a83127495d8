import { HalfspreadError } from '../../../engine/protocol/errors.ts';

interface Kind {
  code: `HS_${string}`;
  pattern: RegExp;
  says: string;
  remedy: string;
  /** Worth another try by itself. */
  transient?: true;
}

/** What OpenSSH prints, in the order in which it is looked for. Its messages are not translated. */
const KINDS: Kind[] = [
  {
    code: 'HS_SSH_HOST_KEY_CHANGED',
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Offending .* key in/,
    says: 'shows another host key than the one that was verified. Somebody may be in between, or the server was made anew. Nothing was sent',
    remedy:
      'Read the server’s fingerprint where you trust it (the provider’s console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and deploy with --fingerprint SHA256:... only if it matches.',
  },
  {
    code: 'HS_SSH_HOST_KEY_UNVERIFIED',
    pattern: /Host key verification failed|host key is known for/,
    says: 'has a host key nobody has verified yet. Nothing was sent',
    remedy: 'Deploy with --fingerprint SHA256:..., read where you trust it, or confirm the fingerprint when asked.',
  },
  {
    code: 'HS_SSH_PASSPHRASE',
    pattern: /incorrect passphrase|bad passphrase|Load key .*: error in libcrypto/,
    says: 'was not reached: the private key could not be opened with this passphrase',
    remedy: 'Give the passphrase of the key file, or a key that needs none or is in the SSH agent.',
  },
  {
    code: 'HS_SSH_DENIED',
    pattern: /Permission denied|Too many authentication failures|No more authentication methods/,
    says: 'does not accept this user with this key or password',
    remedy:
      'Check the user name; put the public key into ~/.ssh/authorized_keys of that user there, name the private key with --identity, or use --ask-password.',
  },
  {
    code: 'HS_SSH_HOST_UNKNOWN',
    pattern:
      /Could not resolve hostname|Name or service not known|nodename nor servname|Temporary failure in name resolution/,
    says: 'cannot be found: the name does not resolve',
    remedy: 'Check the spelling of the host and this machine’s connection, or give the IP address.',
  },
  {
    code: 'HS_SSH_REFUSED',
    pattern: /Connection refused/,
    says: 'refuses the connection: no SSH server listens there',
    remedy: 'Check host and --port; a server that was just made needs a minute until its SSH answers.',
    transient: true,
  },
  {
    code: 'HS_SSH_NOT_SSH',
    pattern: /no SSH server answers|Invalid SSH|not an SSH|protocol mismatch/i,
    says: 'answers on this port, but not as an SSH server',
    remedy: 'Check --port: SSH listens on 22 unless it was moved.',
  },
  {
    code: 'HS_SSH_TIMEOUT',
    pattern: /timed out|Timeout, server|Connection timeout/,
    says: 'does not answer in time',
    remedy: 'Check host and --port, that the server runs, and that its firewall lets this machine in.',
    transient: true,
  },
  {
    code: 'HS_SSH_UNREACHABLE',
    pattern: /No route to host|Network is unreachable|Host is down/,
    says: 'cannot be reached from this network',
    remedy: 'Check this machine’s connection and the address.',
    transient: true,
  },
  {
    code: 'HS_SSH_LOST',
    pattern:
      /Connection (closed|reset)|Broken pipe|closed by remote host|kex_exchange_identification|client_loop|Connection to .* closed|mux_client|Control socket|master/i,
    says: 'ended the connection',
    remedy: 'Try again; what was done so far is kept. If it stays like this, look into the server’s SSH log.',
    transient: true,
  },
];

const TRANSIENT = new Set(KINDS.filter(({ transient }) => transient).map(({ code }) => code as string));

/** Why ssh itself ended with 255, from what it wrote. `host`: for the message. */
export function sshFailure(stderr: string, host: string): HalfspreadError {
  const kind = KINDS.find(({ pattern }) => pattern.test(stderr));
  const said = lastLine(stderr);
  if (kind) return new HalfspreadError(kind.code, `${host} ${kind.says}. (ssh: ${said})`, kind.remedy);
  return new HalfspreadError(
    'HS_SSH_FAILED',
    `ssh to ${host} failed: ${said}`,
    'See what ssh says; try the same login by hand with ssh -v.',
  );
}

/** Whether another try may work without anybody doing anything. */
export function isTransient(error: unknown): boolean {
  return error instanceof HalfspreadError && TRANSIENT.has(error.code);
}

export function sshMissing(cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_SSH_MISSING',
    'This machine has no OpenSSH client (ssh, ssh-keyscan): without it no server can be reached.',
    'Install it: Debian apt-get install openssh-client; Windows Settings, Optional features, OpenSSH Client.',
    { cause },
  );
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.filter((line) => line !== '').at(-1) ?? 'it said nothing').slice(0, 300);
}
