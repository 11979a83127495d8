import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { CloudProvider, CloudResource, ServerSpec } from '../providers/provider.ts';
import { firstBootUserData, type SshKeyPair } from './first-boot.ts';
import type { Price } from '../../ipc/cloud-schema.ts';
import type { CloudStepId } from '../../ipc/site-schema.ts';
import { noSuchServer, type CloudServerRecord, type CloudServerStore } from './server-record.ts';
import type { Saying } from '../../ipc/site-schema.ts';
import { saying, sayingAsItIs } from '../../text/saying.ts';

export interface MakeServerRequest {
  site: string;
  region: string;
  plan: string;
  /** What the operator saw and accepted, a month. */
  acceptedPrice: Price;
  /** Beside 22: the agent's. */
  agentPort: number;
  /** From where both ports may be reached. */
  sources: string[];
}

/** What making a server needs of the rest of the program. */
export interface MakeServerPorts {
  provider: CloudProvider;
  servers: CloudServerStore;
  /** Login and one-time host key of a deployment; the same ones again after a crash. */
  keys(deployId: string): Promise<{ login: SshKeyPair; firstHostKey: SshKeyPair }>;
  newDeployId(): string;
  nowMs(): number;
  onStep(step: CloudStepId, state: 'running' | 'done' | 'unchanged', ...said: Saying[]): void;
  /** Between two looks at a booting server; tests make it short. */
  pollMs?: number;
}

export interface MadeServer {
  record: CloudServerRecord;
  host: string;
  user: string;
  fingerprints: string[];
}

const POLL_MS = 3_000;
/** A cloud that has not booted a server by then will not. */
const BOOT_TIMEOUT_MS = 5 * 60_000;
const HOST_KEYS_TIMEOUT_MS = 3 * 60_000;

/**
 * Makes the server of a site, or takes up what a crash or a cancel left: everything is found by the deployment's id, which is
 * on disk before the first call. Cancelled, it stops between two calls; what exists then is in the record, with its price.
 * @throws HalfspreadError HS_CLOUD_..., or the signal's reason
 */
export async function makeServer(
  request: MakeServerRequest,
  ports: MakeServerPorts,
  signal: AbortSignal,
): Promise<MadeServer> {
  const { provider, servers, onStep } = ports;
  onStep('cloudToken', 'running');
  const account = await provider.verifyToken(signal);
  if (account.problems.length > 0) throw accountProblem(provider, account.problems);
  onStep('cloudToken', 'done', sayingAsItIs(account.label));

  onStep('cloudPlan', 'running');
  const isMade = await isServerThere(request, ports, signal);
  // What is billed already is taken up, also where the plan is sold out or dearer for others by now.
  if (!isMade) await checkPrice(request, provider, signal);
  const { plan, region, acceptedPrice } = request;
  const { amount, currency } = acceptedPrice;
  const choice = saying('cloud.choice', { plan, region, amount: Number(amount), currency });
  onStep('cloudPlan', isMade ? 'unchanged' : 'done', choice);

  let record = await openRecord(request, ports);
  const keys = await ports.keys(record.deployId);
  const spec = specOf(request, record, provider, keys);

  onStep('cloudServer', 'running');
  const made = await provider.createServer(spec, signal);
  record = {
    ...record,
    state: 'exists',
    serverId: made.id,
    // A new server shows its one-time key, whatever an earlier one that somebody deleted had come to.
    ...(!made.adopted && { hostKeyRotated: false, nextHostKeyFingerprint: undefined }),
  };
  await servers.put(record);
  onStep('cloudServer', made.adopted ? 'unchanged' : 'done', sayingAsItIs(made.id));

  onStep('cloudBoot', 'running');
  await waitRunning(made.id, spec, ports, signal);
  onStep('cloudBoot', 'done');

  onStep('cloudPorts', 'running');
  await provider.setPorts(made.id, spec, signal);
  // The address is read last: attaching a fixed one changes it.
  const { ipv4 } = await provider.server(made.id, request.region, signal);
  if (ipv4 === undefined) throw noAddress(provider);
  record = { ...record, ipv4 };
  await servers.put(record);
  onStep('cloudPorts', 'done', sayingAsItIs(ipv4));

  onStep('cloudHostKey', 'running');
  const fingerprints = await hostKeyFingerprints(made.id, record, keys.firstHostKey, ports, signal);
  record = { ...record, hostKeyFingerprints: fingerprints };
  await servers.put(record);
  onStep('cloudHostKey', 'done', sayingAsItIs(fingerprints.join(', ')));
  return { record, host: ipv4, user: provider.loginUser, fingerprints };
}

/**
 * Deletes everything of a site's server and looks again. What is left is returned: it costs until it is deleted.
 * @throws HalfspreadError HS_CLOUD_...
 */
export async function destroyServer(
  site: string,
  { provider, servers }: Pick<MakeServerPorts, 'provider' | 'servers'>,
  signal?: AbortSignal,
): Promise<{ deleted: CloudResource[]; left: CloudResource[] }> {
  const record = servers.ofSite(site);
  if (!record) throw noSuchServer(site);
  const outcome = await provider.destroy(record.deployId, record.region, signal);
  if (outcome.left.length === 0) await servers.put({ ...record, state: 'gone' });
  return outcome;
}

async function openRecord(request: MakeServerRequest, ports: MakeServerPorts): Promise<CloudServerRecord> {
  const existing = ports.servers.ofSite(request.site);
  if (existing) {
    if (
      existing.provider === ports.provider.id &&
      existing.region === request.region &&
      existing.plan === request.plan
    ) {
      return existing;
    }
    throw new HalfspreadError(
      'HS_CLOUD_OTHER_SERVER',
      `The site "${request.site}" has a server already: ${existing.plan} in ${existing.region} at ${existing.provider}, ${words(existing.price)} a month.`,
      'Resume with the same choice, delete that server first, or give the new one another name.',
    );
  }
  const record: CloudServerRecord = {
    deployId: ports.newDeployId(),
    site: request.site,
    provider: ports.provider.id,
    region: request.region,
    plan: request.plan,
    price: request.acceptedPrice,
    state: 'making',
    hostKeyFingerprints: [],
    hostKeyRotated: false,
    agentPort: request.agentPort,
    sources: request.sources,
    createdAt: ports.nowMs(),
  };
  await ports.servers.put(record);
  return record;
}

function specOf(
  request: MakeServerRequest,
  record: CloudServerRecord,
  provider: CloudProvider,
  keys: { login: SshKeyPair; firstHostKey: SshKeyPair },
): ServerSpec {
  const { region, plan, sources, agentPort } = request;
  return {
    deployId: record.deployId,
    region,
    plan,
    sshPublicKey: keys.login.publicKey,
    ports: [22, agentPort].map((port) => ({ port, sources })),
    ...(!provider.attestsHostKeys && {
      userData: firstBootUserData({ loginPublicKey: keys.login.publicKey, hostKey: keys.firstHostKey }),
    }),
  };
}

async function isServerThere(
  { site }: MakeServerRequest,
  { provider, servers }: MakeServerPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const record = servers.ofSite(site);
  if (record?.provider !== provider.id) return false;
  const found = await provider.find(record.deployId, record.region, signal);
  return found.some(({ kind }) => kind === 'server');
}

/** Prices move: what is billed must be what was accepted. */
async function checkPrice(request: MakeServerRequest, provider: CloudProvider, signal: AbortSignal): Promise<void> {
  const plan = (await provider.plans(request.region, signal)).find(({ id }) => id === request.plan);
  if (!plan) {
    throw new HalfspreadError(
      'HS_CLOUD_REGION_FULL',
      `${provider.title} does not offer ${request.plan} in ${request.region} now. No server was made.`,
      'Choose another plan or region.',
    );
  }
  const { amount, currency } = plan.monthlyPrice;
  const accepted = request.acceptedPrice;
  if (currency === accepted.currency && Number(amount) <= Number(accepted.amount)) return;
  throw new HalfspreadError(
    'HS_CLOUD_PRICE',
    `${request.plan} in ${request.region} costs ${words(plan.monthlyPrice)} a month now, not the ${words(accepted)} that were accepted. No server was made.`,
    'Look at the new price and accept it, or choose another plan.',
  );
}

async function waitRunning(
  id: string,
  { region }: ServerSpec,
  ports: MakeServerPorts,
  signal: AbortSignal,
): Promise<void> {
  const { provider, onStep, pollMs = POLL_MS } = ports;
  const startedMs = ports.nowMs();
  for (;;) {
    const server = await provider.server(id, region, signal);
    if (server.state === 'running' && server.ipv4 !== undefined) return;
    if (server.state === 'failed' || server.state === 'stopped') throw notBooted(provider, `it is ${server.state}`);
    const waitedMs = ports.nowMs() - startedMs;
    if (waitedMs > BOOT_TIMEOUT_MS) throw notBooted(provider, `not running after ${BOOT_TIMEOUT_MS / 60_000} minutes`);
    onStep('cloudBoot', 'running', saying('cloud.booting', { state: server.state, waitedMs }));
    await delay(pollMs, undefined, { signal });
  }
}

async function hostKeyFingerprints(
  id: string,
  record: CloudServerRecord,
  firstHostKey: SshKeyPair,
  ports: MakeServerPorts,
  signal: AbortSignal,
): Promise<string[]> {
  const { provider, pollMs = POLL_MS } = ports;
  // Replaced already: known_hosts has the key made on the server, and that alone counts.
  if (record.hostKeyRotated) return record.hostKeyFingerprints;
  if (!provider.attestsHostKeys) return [fingerprintOf(firstHostKey.publicKey)];
  const startedMs = ports.nowMs();
  for (;;) {
    const keys = await provider.hostKeys(id, record.region, signal);
    if (keys.length > 0) return keys.map(({ fingerprint }) => fingerprint);
    if (ports.nowMs() - startedMs > HOST_KEYS_TIMEOUT_MS) {
      throw notBooted(provider, 'its host keys were not told within three minutes');
    }
    await delay(pollMs, undefined, { signal });
  }
}

/** As ssh-keygen -l prints it, of an OpenSSH public key. */
export function fingerprintOf(publicKey: string): string {
  const digest = createHash('sha256')
    .update(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'))
    .digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function words({ amount, currency }: Price): string {
  return `${amount} ${currency}`;
}

function accountProblem(provider: CloudProvider, problems: string[]): HalfspreadError {
  return new HalfspreadError(
    'HS_CLOUD_ACCOUNT',
    `${provider.title} says of this account: ${problems.join('; ')}. No server was made.`,
    'Settle it with the provider, then try again.',
  );
}

function notBooted(provider: CloudProvider, why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_CLOUD_BOOT',
    `The server was made at ${provider.title} but ${why}. It is billed until it is deleted.`,
    'Resume to wait again, or delete it: "Delete server" proves what is gone.',
  );
}

function noAddress(provider: CloudProvider): HalfspreadError {
  return notBooted(provider, 'it has no public IPv4 address');
}
