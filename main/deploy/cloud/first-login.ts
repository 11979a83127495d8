import { setTimeout as delay } from 'node:timers/promises';
import { HalfspreadError, toWireError } from '../../../engine/protocol/errors.ts';
import { connectHost, describeLogin, type Connection } from '../connect.ts';
import type { RemoteScript } from '../host.ts';
import { DROP_PREPARED_KEY, PREPARE_HOST_KEY, SWITCH_HOST_KEY, WAIT_CLOUD_INIT } from '../scripts/first-login.ts';
import { isTransient } from '../ssh/failure.ts';
import { hostKey } from '../ssh/host-key.ts';
import type { KnownHosts } from '../ssh/known-hosts.ts';
import type { SshTarget } from '../ssh/target.ts';
import { verifyHostKeys } from '../ssh/verify.ts';
import type { CloudKeys } from './cloud-keys.ts';
import type { MadeServer, MakeServerPorts } from './make-server.ts';
import type { CloudServerRecord, CloudServerStore } from './server-record.ts';
import { saying, sayingAsItIs } from '../../text/saying.ts';

export interface FirstLoginPorts {
  servers: CloudServerStore;
  keys: CloudKeys;
  knownHosts: KnownHosts;
  onStep: MakeServerPorts['onStep'];
  /** Between two tries at a server that is still booting. */
  pollMs?: number;
  /** 22; tests have another. */
  sshPort?: number;
}

/** A cloud says "running" long before sshd listens and cloud-init has put our key there. */
const LOGIN_TIMEOUT_MS = 4 * 60_000;
const CLOUD_INIT_TIMEOUT_MS = 6 * 60_000;
const POLL_MS = 3_000;
/** What a server that is still being set up may answer; anything else will not change by itself. */
const STILL_BOOTING = new Set(['HS_SSH_DENIED', 'HS_SSH_HOST_KEY_MISMATCH', 'HS_SSH_NOT_SSH']);

/**
 * The first session on a server that was just made: verified by the key the cloud attests, or by the one-time key of its first
 * boot, which is then replaced by one made on the server. After a crash at any point one of the keys on record is shown.
 * @param isAttested whether the cloud attests host keys: then none is replaced
 * @returns the record, with the fingerprints ssh may insist on from now on
 * @throws HalfspreadError HS_SSH_..., HS_DEPLOY_..., or the signal's reason
 */
export async function firstLogin(
  made: MadeServer,
  isAttested: boolean,
  ports: FirstLoginPorts,
  signal: AbortSignal,
): Promise<CloudServerRecord> {
  const { onStep, keys, sshPort = 22 } = ports;
  const { record } = made;
  const target: SshTarget = {
    host: made.host,
    port: sshPort,
    user: made.user,
    jump: [],
    identityFile: keys.loginFile(record.deployId),
  };
  const mayShow = [...record.hostKeyFingerprints, ...made.fingerprints, record.nextHostKeyFingerprint ?? []].flat();
  onStep('cloudLogin', 'running');
  const connection = await loginWhenUp(target, [...new Set(mayShow)], ports, signal);
  try {
    const cloudInit = (await connection.host.run(script('wait for cloud-init', WAIT_CLOUD_INIT))).get('cloudInit');
    onStep('cloudLogin', 'done', describeLogin(connection), saying('cloud.init', { state: cloudInit ?? 'unknown' }));
    if (isAttested) return record;
    onStep('cloudRotate', 'running');
    if (record.hostKeyRotated) {
      await connection.host.run(script('remove the copy of the host key', DROP_PREPARED_KEY));
      onStep('cloudRotate', 'unchanged', sayingAsItIs(record.hostKeyFingerprints.join(', ')));
      return record;
    }
    const rotated = await rotateHostKey(connection, target, record, ports, signal);
    onStep('cloudRotate', 'done', sayingAsItIs(rotated.hostKeyFingerprints.join(', ')));
    return rotated;
  } finally {
    await connection.session.close();
  }
}

async function rotateHostKey(
  { host }: Connection,
  target: SshTarget,
  record: CloudServerRecord,
  ports: FirstLoginPorts,
  signal: AbortSignal,
): Promise<CloudServerRecord> {
  const { servers, keys } = ports;
  const told = (await host.run(script('make a host key', PREPARE_HOST_KEY))).get('hostKey') ?? '';
  const next = hostKey(told.split(' ')[0] ?? '', told.split(' ')[1] ?? '');
  if (!next) throw noHostKey(target.host);
  const prepared = { ...record, nextHostKeyFingerprint: next.fingerprint };
  await servers.put(prepared);
  await host.run(script('take the new host key', SWITCH_HOST_KEY));
  // Seen from outside, and remembered, before the key of the first boot is given up.
  await untilUp('cloudRotate', () => verify(target, [next.fingerprint], ports, signal), ports, signal);
  const rotated = {
    ...prepared,
    hostKeyFingerprints: [next.fingerprint],
    hostKeyRotated: true,
    nextHostKeyFingerprint: undefined,
  };
  await servers.put(rotated);
  await keys.dropFirstHostKey(record.deployId);
  await host.run(script('remove the copy of the host key', DROP_PREPARED_KEY));
  return rotated;
}

function loginWhenUp(
  target: SshTarget,
  mayShow: string[],
  ports: FirstLoginPorts,
  signal: AbortSignal,
): Promise<Connection> {
  return untilUp(
    'cloudLogin',
    async () => {
      await verify(target, mayShow, ports, signal);
      const knownHostsFile = ports.knownHosts.file;
      return connectHost({ target, knownHostsFile, secrets: {}, needsRoot: true, agentUser: undefined, signal });
    },
    ports,
    signal,
  );
}

function verify(
  target: SshTarget,
  expected: string[],
  { knownHosts }: FirstLoginPorts,
  signal: AbortSignal,
): Promise<unknown> {
  return verifyHostKeys({ target, knownHosts, expected, confirm: undefined, signal });
}

/** Repeats what a booting server cannot answer yet; nothing secret is sent before its key is verified. */
async function untilUp<Result>(
  step: 'cloudLogin' | 'cloudRotate',
  work: () => Promise<Result>,
  { onStep, pollMs = POLL_MS }: FirstLoginPorts,
  signal: AbortSignal,
): Promise<Result> {
  const startedMs = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const waitedMs = performance.now() - startedMs;
      const mayChange = isTransient(error) || (error instanceof HalfspreadError && STILL_BOOTING.has(error.code));
      if (!mayChange || waitedMs > LOGIN_TIMEOUT_MS) throw error;
      onStep(step, 'running', saying('cloud.notYet', { code: toWireError(error).code, waitedMs }));
      await delay(pollMs, undefined, { signal });
    }
  }
}

function script(name: string, body: string): RemoteScript {
  return { name, runsAs: 'root', body, args: [], timeoutMs: CLOUD_INIT_TIMEOUT_MS };
}

function noHostKey(host: string): HalfspreadError {
  return new HalfspreadError(
    'HS_CLOUD_HOST_KEY',
    `The new server ${host} could not make a host key of its own; it still shows the one of its first boot.`,
    'Resume; if it happens again, delete the server and make another.',
  );
}
