import { access, constants, stat } from 'node:fs/promises';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import * as commands from './commands.ts';
import { Host, type Elevation } from './host.ts';
import { siteSecretName, type SecretStore } from './ports.ts';
import { runChild } from './ssh/child.ts';
import { openSshSession, type SshSession } from './ssh/session.ts';
import type { SshTarget } from './ssh/target.ts';
import type { Saying } from '../ipc/site-schema.ts';
import { saying, sayingAsItIs } from '../text/saying.ts';

/** Login secrets of a site. */
export interface LoginSecrets {
  password?: string | undefined;
  passphrase?: string | undefined;
  sudoPassword?: string | undefined;
}

export async function readLoginSecrets(store: SecretStore, site: string): Promise<LoginSecrets> {
  const [password, passphrase, sudoPassword] = await Promise.all([
    store.get(siteSecretName(site, 'password')),
    store.get(siteSecretName(site, 'passphrase')),
    store.get(siteSecretName(site, 'sudoPassword')),
  ]);
  return { password, passphrase, sudoPassword };
}

/**
 * What can be wrong on this machine before anybody is contacted: no ssh, no key file, a key file others can read.
 * @throws HalfspreadError HS_SSH_MISSING, HS_DEPLOY_IDENTITY
 */
export async function checkCredentials(target: SshTarget, signal: AbortSignal): Promise<Saying> {
  const { stderr } = await runChild('ssh', ['-V'], { signal, timeoutMs: 10_000 });
  const { identityFile } = target;
  if (identityFile === undefined) return sayingAsItIs(stderr.trim());
  try {
    await access(identityFile, constants.R_OK);
    const { mode } = await stat(identityFile);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new HalfspreadError(
        'HS_DEPLOY_IDENTITY',
        `Other users can read the key file ${identityFile}; ssh does not use such a key.`,
        `chmod 600 ${identityFile}`,
      );
    }
  } catch (cause) {
    if (cause instanceof HalfspreadError) throw cause;
    throw new HalfspreadError(
      'HS_DEPLOY_IDENTITY',
      `The key file ${identityFile} cannot be read: ${errorMessage(cause)}`,
      'Name the private key (not the .pub file) with --identity.',
      { cause },
    );
  }
  return saying('credentials.key', { client: stderr.trim(), file: identityFile });
}

export interface Connection {
  host: Host;
  session: SshSession;
  /** The login user's home there. */
  home: string;
  /** Who is logged in there. */
  user: string;
  /** Root by sudo. */
  isSudo: boolean;
}

/** "root", or "deploy, root by sudo". */
export function describeLogin({ user, isSudo }: Pick<Connection, 'user' | 'isSudo'>): Saying {
  return isSudo ? saying('login.sudo', { user }) : sayingAsItIs(user);
}

export interface ConnectOptions {
  target: SshTarget;
  knownHostsFile: string;
  secrets: LoginSecrets;
  /** A system service; without, everything is done as the login user. */
  needsRoot: boolean;
  /** Undefined: the agent runs as the login user. */
  agentUser: string | undefined;
  signal: AbortSignal;
}

/**
 * Logs in and finds out how this user becomes root there, if that is needed.
 * @throws HalfspreadError HS_SSH_..., HS_DEPLOY_NO_ROOT, HS_DEPLOY_SUDO_PASSWORD
 */
export async function connectHost(options: ConnectOptions): Promise<Connection> {
  const { target, knownHostsFile, secrets, needsRoot, agentUser, signal } = options;
  const session = await openSshSession({ target, knownHostsFile, secrets, signal });
  try {
    const host = new Host(session, target.host, signal);
    const who = await host.run(commands.who());
    const home = who.get('home') ?? '';
    if (!/^\/[A-Za-z0-9._/-]*$/.test(home)) {
      throw new HalfspreadError(
        'HS_DEPLOY_HOME',
        `The home folder of ${target.user} on ${target.host} is ${JSON.stringify(home)}, which Halfspread cannot work with.`,
        'Log in as another user.',
      );
    }
    const user = who.get('user') ?? target.user;
    const root = who.get('root') ?? 'none';
    if (!needsRoot) {
      host.runAs({ kind: 'none' }, undefined);
      return { host, session, home, user, isSudo: false };
    }
    host.runAs(elevationOf(root, secrets.sudoPassword, target), agentUser);
    if (root === 'sudo-password') await host.run(commands.becomeRoot());
    return { host, session, home, user, isSudo: root !== 'self' };
  } catch (error) {
    await session.close();
    throw error;
  }
}

function elevationOf(root: string, sudoPassword: string | undefined, { user, host }: SshTarget): Elevation {
  if (root === 'self') return { kind: 'is-root' };
  if (root === 'sudo-free') return { kind: 'sudo-free' };
  if (root === 'sudo-password' && sudoPassword !== undefined) return { kind: 'sudo-password', password: sudoPassword };
  if (root === 'sudo-password') {
    throw new HalfspreadError(
      'HS_DEPLOY_SUDO_PASSWORD',
      `sudo on ${host} asks ${user} for a password, and none was given.`,
      'Give it with --ask-sudo-password, log in as root, or use --prefix DIR: then no root is needed.',
    );
  }
  throw new HalfspreadError(
    'HS_DEPLOY_NO_ROOT',
    `${user} is not root on ${host} and has no sudo, which a system service needs.`,
    'Log in as root or as a user with sudo, or use --prefix DIR: then everything runs as this user without root.',
  );
}
