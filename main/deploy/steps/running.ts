/** The steps that bring the agent to life: identity, self-test, switch, start, health. */
import { setTimeout as delay } from 'node:timers/promises';
import { initResultSchema } from '../../../engine/protocol/agent-program.ts';
import { HalfspreadError, errorMessage } from '../../../engine/protocol/errors.ts';
import { demandFlat, selfTestRelease, serviceStateOf, waitHealthy } from '../agent-calls.ts';
import * as commands from '../commands.ts';
import type { DeployContext, StepReport } from '../context.ts';
import { probe, RESTART_AFTER, type DeployStep } from '../step.ts';
import { saying, sayingAsItIs } from '../../text/saying.ts';

const START_TRIES = 20;

/** The agent's own keys, made there; a second run keeps them. */
export const identityStep: DeployStep = {
  id: 'identity',
  kind: 'change',
  check: () => Promise.resolve({ done: false }),
  async apply(context) {
    const { host, layout, bundle, ports, request } = context;
    const identity = await host.runJson(commands.init(layout, bundle.release), initResultSchema);
    context.identity = identity;
    const known = ports.sites.get(request.name)?.agent;
    if (known && known.agentId !== identity.agentId && !request.adopt) {
      throw new HalfspreadError(
        'HS_DEPLOY_IDENTITY_CHANGED',
        `The agent on ${request.host} has another identity than the one this machine knows.`,
        'Somebody replaced its state. If it was you, deploy with --adopt.',
      );
    }
    const changed = identity.created || (known !== undefined && known.port !== identity.port);
    return {
      changed,
      detail: [saying('identity', { agentId: identity.agentId.slice(0, 12), pin: identity.spkiPin.slice(0, 12) })],
    };
  },
  verify: (context) => Promise.resolve(void context.known('identity')),
};

export const selfTestStep = probe('selfTest', async ({ host, layout, bundle }) => [
  await selfTestRelease(host, layout, bundle.release),
]);

/** `current` to the new release in one step, at a moment when the agent is flat. */
export const switchStep: DeployStep = {
  id: 'switch',
  kind: 'change',
  check: ({ facts, bundle }) =>
    Promise.resolve({
      done: facts?.current === bundle.release,
      detail: [
        facts?.current === undefined ? saying('switch.unset') : saying('switch.current', { release: facts.current }),
      ],
    }),
  async apply(context) {
    const { host, layout, bundle, override } = context;
    if (context.facts?.current !== undefined) {
      await demandFlat(host, layout, 'switch to another version', override);
      await host.run(commands.stopService(layout));
    }
    const output = await host.run(commands.switchTo(layout, bundle.release));
    const from = output.get('from') ?? '';
    return {
      changed: output.get('switched') === 'yes',
      detail: [from === '' ? sayingAsItIs(bundle.release) : saying('switch.fromTo', { from, to: bundle.release })],
    };
  },
  async verify({ host, layout, bundle }) {
    const output = await host.run(commands.releases(layout));
    if (output.get('current') === bundle.release) return;
    throw new HalfspreadError('HS_DEPLOY_SWITCH', `"current" does not point to ${bundle.release}.`, 'Deploy again.');
  },
};

export const startStep: DeployStep = {
  id: 'start',
  kind: 'change',
  async check({ host, layout, changed }) {
    const { state } = await serviceStateOf(host, layout);
    // A service whose definition changed under it runs with the old one until it is started again.
    return {
      done: state === 'running' && !RESTART_AFTER.some((step) => changed.has(step)),
      detail: [saying('start.is', { service: state })],
    };
  },
  async apply(context, report) {
    const { host, layout, override } = context;
    const { state } = await serviceStateOf(host, layout);
    if (state === 'running' || state === 'restarting') {
      await demandFlat(host, layout, 'restart it', override);
      await host.run(commands.stopService(layout));
    }
    await orRollBack(context, report, async () => {
      await host.run(commands.startService(layout));
      await waitStarted(context);
    });
    return { changed: true, detail: [saying(layout.service === 'systemd' ? 'start.systemd' : 'start.supervisor')] };
  },
  verify: () => Promise.resolve(),
  async undo({ host, layout }) {
    await host.run(commands.stopService(layout));
    const { state } = await serviceStateOf(host, layout);
    if (state !== 'running' && state !== 'restarting') return [saying('gone.processes')];
    throw new HalfspreadError('HS_DEPLOY_STOP', 'The agent still runs.', 'Log in there and look at the process.');
  },
};

/** The service has taken the start; whether the agent lives is for the health gate. */
async function waitStarted({ host, layout, signal }: DeployContext): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { state } = await serviceStateOf(host, layout);
    if (state === 'running' || state === 'restarting') return;
    if (tries >= START_TRIES) {
      throw new HalfspreadError(
        'HS_DEPLOY_START',
        `The agent did not start: it is ${state}.`,
        'Run halfspread site doctor NAME.',
      );
    }
    await delay(500, undefined, { signal });
  }
}

/** The new release must answer. */
export const healthStep = probe('health', (context, report) =>
  orRollBack(context, report, async () => {
    const { host, layout, bundle, ports, signal } = context;
    const status = await waitHealthy(host, layout, bundle.version, {
      timeoutMs: ports.healthTimeoutMs,
      signal,
      onWait: (said) => report.detail(said),
    });
    return [saying('health', { trading: status.locked ? 'locked' : status.trading, memoryBytes: status.rssBytes })];
  }),
);

/** A release this deploy has switched to, and which does not start or answer, is taken back by itself. */
async function orRollBack<Result>(
  context: DeployContext,
  report: StepReport,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HalfspreadError) || !['HS_DEPLOY_HEALTH', 'HS_DEPLOY_START'].includes(error.code))
      throw error;
    if (!context.changed.has('switch') || !(await hasPrevious(context))) throw error;
    report.detail(saying('health.goingBack'));
    throw await rollBack(context, error);
  }
}

async function hasPrevious({ host, layout }: DeployContext): Promise<boolean> {
  return (await host.run(commands.releases(layout))).get('previous') !== undefined;
}

/** @returns what to tell: the upgrade failed, and what runs now */
async function rollBack(
  { host, layout, bundle, ports, signal }: DeployContext,
  cause: HalfspreadError,
): Promise<HalfspreadError> {
  await host.run(commands.stopService(layout));
  const output = await host.run(commands.switchBack(layout, bundle.release));
  await host.run(commands.startService(layout));
  const current = output.get('current') ?? '';
  const version = versionOf(current);
  try {
    await waitHealthy(host, layout, version, { timeoutMs: ports.healthTimeoutMs, signal });
  } catch (error) {
    return new HalfspreadError(
      'HS_DEPLOY_ROLLBACK_FAILED',
      `The new version does not answer (${cause.message}), and neither does the one before (${errorMessage(error)}). No agent runs there now.`,
      'Run halfspread site doctor NAME and look at its log; what it traded is in its journal.',
      { cause: error },
    );
  }
  return new HalfspreadError(
    'HS_DEPLOY_ROLLED_BACK',
    `The new version did not answer, so ${current} runs again and answers. ${cause.message}`,
    'Nothing is lost; look at the log of the failed version (halfspread site logs NAME) before you upgrade again.',
    { cause },
  );
}

/** "0.1.0-3f2a9c1b" is of version 0.1.0. */
export function versionOf(release: string): string {
  return release.replace(/-[0-9a-f]{8}$/, '');
}
