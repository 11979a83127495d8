import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { toWireError } from '../../engine/protocol/errors.ts';
import type { DeployRequest, DeployStepId, Finding, HostFacts, OperationStep, Saying } from '../ipc/site-schema.ts';
import { packAgent } from './bundle.ts';
import { DeployContext, type StepReport } from './context.ts';
import { stoppedError } from './machine.ts';
import type { DeployPorts } from './ports.ts';
import { judgeHost } from './preflight.ts';
import { credentialsStep, hostKeyStep, loginStep, lookAtHost } from './steps/probes.ts';
import { sayingAsItIs } from '../text/saying.ts';
import { told, toldError } from './told.ts';

export interface LookOptions {
  ports: DeployPorts;
  signal: AbortSignal;
  emit(progress: OperationStep): void;
}

export const LOOK_STEPS = ['credentials', 'hostKey', 'login', 'preflight'] as const;

/**
 * The first steps of a deploy, and no more: logs in to a server, times the venues from there and judges it. Nothing is changed
 * there; the host key a person accepted is remembered here.
 * @throws HalfspreadError HS_SSH_..., HS_DEPLOY_...
 */
export async function lookAtServer(
  request: DeployRequest,
  { ports, signal, emit }: LookOptions,
): Promise<{ facts: HostFacts; findings: Finding[] }> {
  const siteId = ports.sites.get(request.name)?.id ?? randomUUID();
  const bundle = await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
  const changed = new Set<never>();
  const context = new DeployContext({
    ...{ request, operation: 'deploy' as const, siteId, ports, signal, bundle, changed },
    override: false,
  });
  const run = stepRunner(context, emit);
  try {
    for (const step of [credentialsStep, hostKeyStep, loginStep]) {
      await run(step.id, async (report) => (await step.apply(context, report)).detail);
    }
    await run('preflight', async () => {
      await lookAtHost(context);
      return [sayingAsItIs(context.known('facts').distribution)];
    });
    const facts = context.known('facts');
    const findings = judgeHost({
      request,
      prefix: context.layout.prefix,
      siteId,
      facts,
      extras: context.known('extras'),
      usesSystemNode: context.runtime?.kind === 'system',
    });
    return { facts, findings };
  } finally {
    await context.close();
  }
}

function stepRunner({ signal }: DeployContext, emit: LookOptions['emit']) {
  return async (
    step: DeployStepId,
    work: (report: StepReport) => Promise<readonly Saying[] | undefined>,
  ): Promise<void> => {
    const startedMs = performance.now();
    const tell = (state: OperationStep['state'], what: Pick<OperationStep, 'detail' | 'said'> = {}) =>
      emit({ step, state, elapsedMs: Math.round(performance.now() - startedMs), ...what });
    tell('running');
    try {
      signal.throwIfAborted();
      tell('done', told(await work({ detail: (...said) => tell('running', told(said)), bytes: () => undefined })));
    } catch (error) {
      const cause = signal.aborted ? stoppedError(step) : error;
      tell('failed', toldError(toWireError(cause)));
      throw cause;
    }
  };
}
