import { rm } from 'node:fs/promises';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { Site } from '../../ipc/site-schema.ts';
import { checkCredentials, readLoginSecrets } from '../connect.ts';
import type { DeployPorts } from '../ports.ts';
import { targetOf } from '../request.ts';
import { endLogin, isAlive, makeSshFolder, startLogin, type SshLogin } from './login.ts';

export interface VenueTunnelOptions {
  site: Pick<Site, 'name' | 'host' | 'port' | 'user' | 'jump' | 'identityFile'>;
  /** Ports on this machine's loopback that the server is to reach. */
  ports: readonly number[];
  deploy: Pick<DeployPorts, 'knownHosts' | 'secrets'>;
  /** Gives up the opening; an open tunnel is ended by `stop`. */
  signal: AbortSignal;
  /** Called once when an open tunnel ends without `stop`: HS_TUNNEL_LOST. Nothing of it is left then. */
  onLost(error: HalfspreadError): void;
}

/** Ports of this machine's loopback, reachable on the loopback of a server for as long as it is open. */
export interface VenueTunnel {
  /** Where on the server's loopback this machine's port is. @throws HalfspreadError HS_TUNNEL_PORT for one not asked for */
  portThere(portHere: number): number;
  stop(): Promise<void>;
}

const ALLOCATED = /Allocated port (\d+) for remote forward to 127\.0\.0\.1:(\d+)/g;
/** The server has told the ports before its shell answers; this is only for the other pipe to be read. */
const ALLOCATED_TIMEOUT_MS = 5_000;

/**
 * Opens a tunnel from the loopback of a site's server back to this machine, so that an engine there reaches the practice
 * venues here. The server chooses the ports: the very same ones may be taken there. ssh notices a dead connection within 30 s.
 * @throws HalfspreadError HS_TUNNEL_REFUSED when its sshd forbids forwarding, HS_SSH_..., HS_DEPLOY_IDENTITY
 */
export async function openVenueTunnel(options: VenueTunnelOptions): Promise<VenueTunnel> {
  const { site, deploy, signal } = options;
  const ports = [...new Set(options.ports)];
  const target = targetOf(site);
  await checkCredentials(target, signal);
  const secrets = await readLoginSecrets(deploy.secrets, site.name);
  const login = { target, knownHostsFile: deploy.knownHosts.file, secrets };
  const folder = await makeSshFolder(login);
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  let ssh: SshLogin | undefined;
  try {
    // What the allocated ports are is told on level INFO only.
    const forwards = ports.flatMap((port) => ['-R', `127.0.0.1:0:127.0.0.1:${port}`]);
    ssh = await startLogin(
      login,
      folder,
      ['-o', 'LogLevel=INFO', '-o', 'ExitOnForwardFailure=yes', ...forwards],
      signal,
    );
    const there = await allocatedPorts(ssh, ports, site.host);
    return openTunnel(ssh, there, { site, onLost: options.onLost, removeFolder });
  } catch (error) {
    if (ssh) await endLogin(ssh);
    await removeFolder();
    throw isForwardRefusal(error) ? refused(site.host, error) : error;
  }
}

function openTunnel(
  ssh: SshLogin,
  there: ReadonlyMap<number, number>,
  { site, onLost, removeFolder }: Pick<VenueTunnelOptions, 'site' | 'onLost'> & { removeFolder(): Promise<void> },
): VenueTunnel {
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= endLogin(ssh).then(removeFolder));
  const lost = (): void => {
    if (stopping) return;
    const tell = (): void => onLost(lostTunnel(site.host, ssh.stderr()));
    // Also when its folder cannot be removed: a later start sweeps it.
    stop().then(tell, tell);
  };
  if (isAlive(ssh.child)) ssh.child.once('close', lost);
  else queueMicrotask(lost);
  return {
    portThere(portHere) {
      const port = there.get(portHere);
      if (port !== undefined) return port;
      throw new HalfspreadError(
        'HS_TUNNEL_PORT',
        `Port ${portHere} of this machine is not in the tunnel to ${site.host}.`,
        'Report this as a bug.',
      );
    },
    stop,
  };
}

async function allocatedPorts(
  { child, stderr }: SshLogin,
  ports: readonly number[],
  host: string,
): Promise<Map<number, number>> {
  const done = Promise.withResolvers<Map<number, number>>();
  const look = (): void => {
    const found = new Map([...stderr().matchAll(ALLOCATED)].map(([, there, here]) => [Number(here), Number(there)]));
    if (ports.every((port) => found.has(port))) done.resolve(found);
  };
  const ended = (): void => done.reject(lostTunnel(host, stderr()));
  const timer = setTimeout(ended, ALLOCATED_TIMEOUT_MS);
  child.stderr!.on('data', look);
  child.once('close', ended);
  try {
    look();
    return await done.promise;
  } finally {
    clearTimeout(timer);
    child.stderr!.off('data', look);
    child.off('close', ended);
  }
}

function isForwardRefusal(error: unknown): boolean {
  return error instanceof HalfspreadError && /remote port forwarding failed/i.test(error.message);
}

function refused(host: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_TUNNEL_REFUSED',
    `${host} does not let this login open ports there, so an engine there cannot reach the practice venues on this machine. Paper and live need no tunnel.`,
    'Allow it in the server’s /etc/ssh/sshd_config (AllowTcpForwarding yes or remote, PermitListen any; no "restrict" or "no-port-forwarding" before the key in authorized_keys), then reload sshd; or practise on this machine.',
    { cause },
  );
}

function lostTunnel(host: string, stderr: string): HalfspreadError {
  const said = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Allocated port'))
    .at(-1);
  return new HalfspreadError(
    'HS_TUNNEL_LOST',
    `The tunnel to ${host} ended: the engine there no longer reaches the practice venues on this machine.${said === undefined ? '' : ` (ssh: ${said.slice(0, 300)})`}`,
    'It can be opened again once the server answers; no real order depends on it.',
  );
}
