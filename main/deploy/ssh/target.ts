import { isIP } from 'node:net';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';

/** One machine ssh can log in to. Every value has passed the checks of this file. */
export interface SshAddress {
  host: string;
  port: number;
  user: string;
}

/** Where to log in, and over which machines. */
export interface SshTarget extends SshAddress {
  /** Machines in between, nearest first. */
  jump: SshAddress[];
  /** Absolute path of a private key; absent: the agent's keys, or a password. */
  identityFile?: string | undefined;
}

const MAX_JUMPS = 3;
const LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/**
 * A host name or address. What could be taken for an option, another word or another line is refused.
 * @throws HalfspreadError HS_DEPLOY_HOST
 */
export function checkHost(text: string): string {
  const isName = text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
  if (isName || isIP(text) === 4 || (isIP(text) === 6 && !text.includes('%'))) return text;
  throw new HalfspreadError(
    'HS_DEPLOY_HOST',
    `${JSON.stringify(text)} is not a host name or IP address; nothing was contacted.`,
    'Give a name such as vps.example.net or an address such as 203.0.113.7, without user, port or options.',
  );
}

/** @throws HalfspreadError HS_DEPLOY_USER */
export function checkUser(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(text)) return text;
  throw new HalfspreadError(
    'HS_DEPLOY_USER',
    `${JSON.stringify(text)} is not a user name; nothing was contacted.`,
    'A user name has letters, digits, "_", "." and "-", begins with a letter or "_", and is at most 32 long.',
  );
}

/** @throws HalfspreadError HS_DEPLOY_PORT */
export function checkPort(port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new HalfspreadError(
    'HS_DEPLOY_PORT',
    `${port} is not a port; nothing was contacted.`,
    'A port is a whole number from 1 to 65535.',
  );
}

/**
 * "user@host:port,user@host2": the machines between, nearest first. User and port may be left out; an IPv6 address with a
 * port stands in brackets.
 * @throws HalfspreadError HS_DEPLOY_JUMP, HS_DEPLOY_HOST, HS_DEPLOY_USER, HS_DEPLOY_PORT
 */
export function parseJump(text: string, defaultUser: string): SshAddress[] {
  const parts = text.split(',');
  if (parts.length > MAX_JUMPS) throw badJump(text);
  return parts.map((part) => {
    const found =
      /^(?:([^@]*)@)?(?:\[([^\]]*)\]|([^:]*|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*))(?::(\d{1,5}))?$/.exec(part);
    if (!found) throw badJump(text);
    const [, user, bracketed, plain, port] = found;
    return {
      user: checkUser(user ?? defaultUser),
      host: checkHost(bracketed ?? plain ?? ''),
      port: checkPort(Number(port ?? 22)),
    };
  });
}

function badJump(text: string): HalfspreadError {
  return new HalfspreadError(
    'HS_DEPLOY_JUMP',
    `${JSON.stringify(text)} does not name jump hosts; nothing was contacted.`,
    `Write [user@]host[:port], up to ${MAX_JUMPS} of them with commas between.`,
  );
}

/** "root@203.0.113.7:22", for people and logs. */
export function describeAddress({ user, host, port }: SshAddress): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** How OpenSSH writes a host in known_hosts: bare on port 22, "[host]:port" elsewhere. */
export function knownHostsName({ host, port }: Pick<SshAddress, 'host' | 'port'>): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}
