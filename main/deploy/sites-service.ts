import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HalfspreadError, toWireError, type WireError } from '../../engine/protocol/errors.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import {
  deployStepIds,
  type HostKeyAsked,
  type Operation,
  type SiteAction,
  type SitesState,
  type StepProgress,
  type Unfinished,
} from '../ipc/site-schema.ts';
import { packAgent } from './bundle.ts';
import { deploy, listUnfinished, requestOf, requestToResume, undoDeploy } from './deploy.ts';
import { examineSite } from './doctor.ts';
import {
  restartSite,
  rollbackSite,
  siteLog,
  siteStatus,
  startSite,
  stopSite,
  uninstallSite,
  type OperateOptions,
} from './operate.ts';
import { planDeploy } from './plan.ts';
import { siteSecretName, type DeployPorts } from './ports.ts';
import { checkRequest } from './request.ts';

type SiteCallName = Extract<keyof IpcHandlers, `sites.${string}`>;

export interface SitesService {
  handlers: Pick<IpcHandlers, SiteCallName>;
  state(): SitesState;
  /** Reads what is unfinished; call once at start. */
  load(): Promise<void>;
  /** Stops what runs (it stays resumable) and waits for it. */
  stop(): Promise<void>;
}

export interface SitesServiceOptions {
  ports: Omit<DeployPorts, 'confirmHostKey'>;
  /** The state has changed; at most ten times a second. */
  onChange(): void;
  /** An operation has ended: for a notification. */
  onEnded(operation: Operation): void;
}

const EMIT_MS = 100;
/** Operations that ended and stay in view. */
const KEPT_ENDED = 10;

interface Running {
  operation: Operation;
  stopping: AbortController;
  done: Promise<void>;
}

/** Deploying and operating sites for the window: one operation per site at a time, host key questions, progress. */
export function createSitesService(options: SitesServiceOptions): SitesService {
  const running = new Map<string, Running>();
  const questions = new Map<string, { asked: HostKeyAsked; answer: (accept: boolean) => void }>();
  let ended: Operation[] = [];
  let unfinished: Unfinished[] = [];
  let emitting: NodeJS.Timeout | undefined;

  const ports: DeployPorts = {
    ...options.ports,
    confirmHostKey: (question) =>
      new Promise((resolve) => {
        const id = randomUUID();
        const signal = running.get(question.site)?.stopping.signal;
        const answer = (accept: boolean) => {
          questions.delete(id);
          signal?.removeEventListener('abort', refuse);
          changed();
          resolve(accept);
        };
        const refuse = () => answer(false);
        signal?.addEventListener('abort', refuse, { once: true });
        questions.set(id, { asked: { id, ...question }, answer });
        changed();
      }),
  };

  function changed(): void {
    emitting ??= setTimeout(() => {
      emitting = undefined;
      options.onChange();
    }, EMIT_MS);
  }

  function state(): SitesState {
    return {
      sites: [...ports.sites.list()],
      unfinished: unfinished.filter(({ site }) => !running.has(site)),
      operations: [...[...running.values()].map(({ operation }) => operation), ...ended],
      questions: [...questions.values()].map(({ asked }) => asked),
    };
  }

  async function reload(): Promise<void> {
    unfinished = await listUnfinished(ports.folder);
    changed();
  }

  /** Starts work on a site in the background. @throws HalfspreadError HS_DEPLOY_RUNNING */
  function begin(
    site: string,
    kind: Operation['kind'],
    work: (run: { signal: AbortSignal; emit: (progress: StepProgress) => void }) => Promise<string>,
    action?: SiteAction,
  ): { operationId: string } {
    if (running.has(site)) {
      throw new HalfspreadError(
        'HS_DEPLOY_RUNNING',
        `Something works on "${site}" already.`,
        'Wait until it is over, or stop it.',
      );
    }
    const operation: Operation = {
      id: randomUUID(),
      site,
      kind,
      action,
      state: 'running',
      startedAt: ports.nowMs(),
      steps: kind === 'action' ? [] : deployStepIds.map((step) => ({ step, state: 'waiting', elapsedMs: 0 })),
    };
    const stopping = new AbortController();
    const emit = (progress: StepProgress) => {
      operation.steps = operation.steps.map((step) => (step.step === progress.step ? progress : step));
      changed();
    };
    const done = work({ signal: stopping.signal, emit })
      .then((summary) => Object.assign(operation, { state: 'done', summary }))
      .catch((error: unknown) => endWith(operation, toWireError(error), stopping.signal.aborted))
      .then(async () => {
        running.delete(site);
        ended = [operation, ...ended.filter((other) => other.site !== site)].slice(0, KEPT_ENDED);
        await reload();
        options.onEnded(operation);
      });
    running.set(site, { operation, stopping, done });
    changed();
    return { operationId: operation.id };
  }

  function beginDeploy(
    request: unknown,
    kind: 'deploy' | 'upgrade',
    override: boolean,
    action?: SiteAction,
  ): { operationId: string } {
    const checked = checkRequest(request);
    return begin(
      checked.name,
      kind,
      async (run) => {
        const { changed: steps } = await deploy(checked, kind, { ports, override, ...run });
        return steps.length === 0
          ? 'Nothing to change: everything is as it should be.'
          : `Changed: ${steps.join(', ')}.`;
      },
      action,
    );
  }

  function act(site: string, action: SiteAction, override: boolean): { operationId: string } {
    const known = ports.sites.need(site);
    if (action === 'upgrade') return beginDeploy(requestOf(known), 'upgrade', override, action);
    return begin(site, 'action', ({ signal }) => perform(site, action, { ports, signal, override }), action);
  }

  const quick = (): OperateOptions => ({ ports, signal: AbortSignal.timeout(120_000) });

  const handlers: SitesService['handlers'] = {
    'sites.state': () => state(),
    async 'sites.plan'(request) {
      const checked = checkRequest(request);
      const bundle = await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
      return { steps: planDeploy(checked, bundle, { ...ports, knownHostsFile: ports.knownHosts.file }) };
    },
    'sites.deploy': (request) => beginDeploy(request, 'deploy', false),
    async 'sites.resume'({ site }) {
      const { request, operation } = await requestToResume(ports.folder, site);
      return beginDeploy(request, operation, false);
    },
    'sites.stop'({ site }) {
      running.get(site)?.stopping.abort(new Error('stopped'));
      return {};
    },
    'sites.undo': ({ site }) =>
      begin(site, 'undo', async (run) => {
        const { gone } = await undoDeploy(site, { ports, ...run });
        return `Gone: ${gone.join(', ')}.`;
      }),
    'sites.hostKey'({ id, accept }) {
      questions.get(id)?.answer(accept);
      return {};
    },
    'sites.act': ({ site, action, override }) => act(site, action, override),
    'sites.status': ({ site }) => siteStatus(site, quick()),
    'sites.doctor': async ({ site }) => ({ findings: await examineSite(site, quick()) }),
    'sites.logs': async ({ site, lines }) => ({ lines: await siteLog(site, lines, quick()) }),
    async 'sites.secret'({ site, kind, value }) {
      const name = siteSecretName(site, kind);
      await (value === undefined ? ports.secrets.delete(name) : ports.secrets.set(name, value));
      return {};
    },
  };

  const stopListening = ports.sites.onChange(changed);
  return {
    handlers,
    state,
    load: reload,
    async stop() {
      stopListening();
      for (const { stopping } of running.values()) stopping.abort(new Error('Halfspread is ending'));
      await Promise.all([...running.values()].map(({ done }) => done));
      clearTimeout(emitting);
    },
  };
}

function endWith(operation: Operation, error: WireError, stopped: boolean): void {
  Object.assign(operation, { state: stopped ? 'stopped' : 'failed', error });
}

/** @returns what to say at the end */
async function perform(site: string, action: Exclude<SiteAction, 'upgrade'>, options: OperateOptions): Promise<string> {
  switch (action) {
    case 'start':
      return (await startSite(site, options)).changed ? 'The agent runs.' : 'It was running already.';
    case 'stop':
      return (await stopSite(site, options)).changed ? 'The agent is stopped.' : 'It was stopped already.';
    case 'restart':
      await restartSite(site, options);
      return 'The agent was restarted.';
    case 'rollback':
      return `${(await rollbackSite(site, options)).release} runs.`;
    case 'uninstall':
      return `Gone: ${(await uninstallSite(site, options)).gone.join(', ')}.`;
  }
}
