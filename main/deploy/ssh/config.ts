import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { SshTarget } from './target.ts';

/** The alias under which ssh finds the target: no value of the operator ever stands in its argument list. */
export const TARGET_ALIAS = 'halfspread-target';

const CONNECT_TIMEOUT_S = 15;
/** A silent connection is given up after interval x count = 30 s. */
const ALIVE_INTERVAL_S = 10;
const ALIVE_COUNT = 3;

export interface SshConfigOptions {
  target: SshTarget;
  knownHostsFile: string;
  /** A password or passphrase will be asked for by the askpass program. */
  asks: boolean;
  /** Log in by password: keys are not tried first (servers count failed tries). */
  passwordOnly: boolean;
}

/**
 * The whole configuration of one session: the operator's own ssh_config is not read, so nothing in it can weaken the host
 * key check or run a command, and jump hosts get the same rules as the target (`-o` options would not reach them).
 */
export function sshConfig({ target, knownHostsFile, asks, passwordOnly }: SshConfigOptions): string {
  const hosts = [
    ...target.jump.map((address, index) => ({ alias: `halfspread-jump-${index + 1}`, address })),
    { alias: TARGET_ALIAS, address: target },
  ];
  const blocks = hosts.map(({ alias, address }, index) => [
    `Host ${alias}`,
    `  HostName ${address.host}`,
    `  Port ${address.port}`,
    `  User ${address.user}`,
    ...(index > 0 ? [`  ProxyJump ${hosts[index - 1]!.alias}`] : []),
    ...(passwordOnly && alias === TARGET_ALIAS ? ['  PubkeyAuthentication no'] : []),
    // A password is for the target alone.
    ...(alias === TARGET_ALIAS ? [] : ['  PasswordAuthentication no', '  KbdInteractiveAuthentication no']),
    ...(asks ? [] : ['  BatchMode yes']),
  ]);
  const all = [
    'Host *',
    `  UserKnownHostsFile ${configPath(knownHostsFile)}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  UpdateHostKeys no',
    '  VerifyHostKeyDNS no',
    '  CheckHostIP no',
    '  HashKnownHosts no',
    ...(target.identityFile === undefined
      ? []
      : [`  IdentityFile ${configPath(target.identityFile)}`, '  IdentitiesOnly yes']),
    '  NumberOfPasswordPrompts 1',
    '  GSSAPIAuthentication no',
    `  ConnectTimeout ${CONNECT_TIMEOUT_S}`,
    '  ConnectionAttempts 1',
    `  ServerAliveInterval ${ALIVE_INTERVAL_S}`,
    `  ServerAliveCountMax ${ALIVE_COUNT}`,
    '  TCPKeepAlive yes',
    '  ForwardAgent no',
    '  ForwardX11 no',
    '  PermitLocalCommand no',
    '  RequestTTY no',
    '  EscapeChar none',
    '  LogLevel ERROR',
  ];
  return `${[...blocks, all].map((lines) => lines.join('\n')).join('\n')}\n`;
}

/**
 * A path as ssh_config takes it: in quotes, with its "%" doubled, because ssh expands %-tokens there.
 * @throws HalfspreadError HS_DEPLOY_PATH for what ssh_config cannot hold
 */
export function configPath(path: string): string {
  const slashed = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
  if (/["\\\u0000-\u001f\u007f]|\$\{/.test(slashed)) {
    throw new HalfspreadError(
      'HS_DEPLOY_PATH',
      `The path ${JSON.stringify(path)} cannot be handed to ssh: it holds a quote, a backslash, "\${" or a control character.`,
      'Move the file to a plain path, or make a link to it there.',
    );
  }
  return `"${slashed.replaceAll('%', '%%')}"`;
}
