import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HalfspreadError, toWireError, type WireError } from '../../../engine/protocol/errors.ts';
import type { ProviderId } from '../../ipc/cloud-schema.ts';
import type { CloudRequest, OperationStep, OperationStepId, Saying } from '../../ipc/site-schema.ts';
import { packAgent } from '../bundle.ts';
import { deploy, listUnfinished, type DeployResult } from '../deploy.ts';
import type { DeployPorts } from '../ports.ts';
import type { CloudProvider } from '../providers/provider.ts';
import { checkSiteName } from '../request.ts';
import { lockSite } from '../site-lock.ts';
import type { CloudKeys } from './cloud-keys.ts';
import { firstLogin } from './first-login.ts';
import { makeServer, type MakeServerPorts } from './make-server.ts';
import type { CloudServerRecord, CloudServerStore } from './server-record.ts';
import { saying } from '../../text/saying.ts';
import { told, toldError } from '../told.ts';

/** What servers at clouds need of the rest of the program. */
export interface CloudPorts {
  servers: CloudServerStore;
  keys: CloudKeys;
  /** With the access that is kept. @throws HalfspreadError HS_CLOUD_NO_TOKEN, HS_KEYCHAIN_... */
  provider(id: ProviderId): Promise<CloudProvider>;
  /** Between two looks at a booting server; tests make it short. */
  pollMs?: number;
  /** 22; tests have another. */
  sshPort?: number;
}

export interface CloudRun {
  signal: AbortSignal;
  emit(progress: OperationStep): void;
}

/**
 * Makes a server and deploys to it, or takes up what a crash, a cancel or a failure left of that. What would fail without a
 * server is looked at before one is made.
 * @throws HalfspreadError HS_CLOUD_..., HS_DEPLOY_..., HS_SSH_...
 */
export async function deployToCloud(
  request: CloudRequest,
  ports: { deploy: DeployPorts; cloud: CloudPorts },
  run: CloudRun,
): Promise<DeployResult> {
  const { deploy: deployPorts, cloud } = ports;
  const steps = stepReporter(run.emit);
  try {
    const unlock = await lockSite(deployPorts.folder, checkSiteName(request.name));
    let record: CloudServerRecord;
    let user: string;
    try {
      await checkBefore(request, ports, steps);
      const provider = await cloud.provider(request.provider);
      const made = await makeServer({ ...request, site: request.name }, makePorts(provider, ports, steps), run.signal);
      user = made.user;
      record = await firstLogin(
        made,
        provider.attestsHostKeys,
        { ...cloud, knownHosts: deployPorts.knownHosts, onStep: steps.report },
        run.signal,
      );
    } finally {
      await unlock();
    }
    const { region, deployId, serverId = '', ipv4 = '', hostKeyFingerprints } = record;
    return await deploy(
      {
        name: request.name,
        host: ipv4,
        port: cloud.sshPort ?? 22,
        user,
        identityFile: cloud.keys.loginFile(deployId),
        agentPort: request.agentPort,
        fingerprints: hostKeyFingerprints,
        provider: { kind: request.provider, region, serverId },
      },
      'deploy',
      { ports: deployPorts, signal: run.signal, emit: run.emit },
    );
  } catch (error) {
    const cause = run.signal.aborted ? stopped(cloud.servers.ofSite(request.name)) : error;
    steps.fail(toWireError(cause));
    throw cause;
  }
}

/** The request of a server that is on record, to take it up again. */
export function requestToTakeUp(record: CloudServerRecord): CloudRequest {
  const { site, provider, region, plan, price, agentPort = 7411, sources = ['0.0.0.0/0'] } = record;
  return { name: site, provider, region, plan, acceptedPrice: price, agentPort, sources };
}

/** Everything that would end the deploy later on and can be known now, while nothing costs anything yet. */
async function checkBefore(
  { name }: CloudRequest,
  { deploy: ports, cloud }: { deploy: DeployPorts; cloud: CloudPorts },
  steps: StepReporter,
): Promise<void> {
  steps.report('desk', 'running');
  const desk = await ports.deskState();
  if (!desk.flat) {
    throw new HalfspreadError(
      'HS_DEPLOY_NOT_FLAT',
      `The desk on this machine is not flat: ${desk.why}. Two engines never trade at once, and open positions cannot move between engines yet. No server was made.`,
      'Close all positions first, then deploy again.',
    );
  }
  const record = cloud.servers.ofSite(name);
  const known = ports.sites.get(name);
  const unfinished = (await listUnfinished(ports.folder)).find(({ site }) => site === name);
  const otherHost = [known?.host, unfinished?.host].find((host) => host !== undefined && host !== record?.ipv4);
  if (otherHost !== undefined) {
    throw new HalfspreadError(
      'HS_DEPLOY_NAME_TAKEN',
      `The site "${name}" is on ${otherHost} already. No server was made.`,
      'Give this one another name, or remove the other first.',
    );
  }
  await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
  await ports.device();
  steps.report('desk', 'done', saying('desk.flat'));
}

function makePorts(provider: CloudProvider, ports: { cloud: CloudPorts; deploy: DeployPorts }, steps: StepReporter) {
  const { servers, keys, pollMs } = ports.cloud;
  return {
    provider,
    servers,
    keys: (deployId) => keys.of(deployId),
    newDeployId: randomUUID,
    nowMs: ports.deploy.nowMs,
    onStep: steps.report,
    ...(pollMs !== undefined && { pollMs }),
  } satisfies MakeServerPorts;
}

interface StepReporter {
  report(step: OperationStepId, state: 'running' | 'done' | 'unchanged', ...said: Saying[]): void;
  /** The step that ran failed; one of the deploy's own has been told already. */
  fail(why: WireError): void;
}

/** Gives steps their elapsed time. */
export function stepReporter(emit: CloudRun['emit']): StepReporter {
  let current: { step: OperationStepId; startedMs: number } | undefined;
  const elapsedMs = () => Math.round(performance.now() - (current?.startedMs ?? performance.now()));
  return {
    report(step, state, ...said) {
      if (current?.step !== step) current = { step, startedMs: performance.now() };
      emit({ step, state, elapsedMs: elapsedMs(), ...told(said) });
      if (state !== 'running') current = undefined;
    },
    fail(why) {
      if (current) emit({ step: current.step, state: 'failed', elapsedMs: elapsedMs(), ...toldError(why) });
      current = undefined;
    },
  };
}

function stopped(record: CloudServerRecord | undefined): HalfspreadError {
  const costs = record
    ? `A server of ${record.price.amount} ${record.price.currency} a month ${record.state === 'exists' ? 'exists' : 'may exist'} and costs until it is deleted.`
    : 'No server was made.';
  return new HalfspreadError(
    'HS_DEPLOY_STOPPED',
    `Stopped. ${costs} What was done so far is kept.`,
    record ? 'Resume it, or delete the server: that proves what is gone.' : 'Start again when you like.',
  );
}
