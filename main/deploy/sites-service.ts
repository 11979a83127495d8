import { join } from 'node:path';
import { deployStepIds, type Operation, type SiteAction, type Unfinished } from '../ipc/site-schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
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
import type { Ended, Operations } from './operations.ts';
import { planDeploy } from './plan.ts';
import type { DeployPorts } from './ports.ts';
import { checkRequest } from './request.ts';
import { describeAddress } from './ssh/target.ts';
import { usualDeployTime } from './usual-time.ts';
import type { Gone } from './told.ts';

type ServiceCall =
  | 'sites.plan'
  | 'sites.deploy'
  | 'sites.resume'
  | 'sites.stop'
  | 'sites.undo'
  | 'sites.hostKey'
  | 'sites.act'
  | 'sites.status'
  | 'sites.doctor'
  | 'sites.logs';

/** Deploying and operating servers that are there, for the window. */
export interface SitesService {
  handlers: Pick<IpcHandlers, ServiceCall>;
  unfinished(): Unfinished[];
  /** Reads what is unfinished, and how long deploys take. */
  load(): Promise<void>;
}

/** A call of the window is answered within this, or it says why not. */
const QUICK_MS = 50_000;

export function createSitesService(ports: DeployPorts, operations: Operations): SitesService {
  let unfinished: Unfinished[] = [];
  let usual: Operation['usual'];

  function beginDeploy(
    request: unknown,
    kind: 'deploy' | 'upgrade',
    override: boolean,
    action?: SiteAction,
  ): { operationId: string } {
    const checked = checkRequest(request);
    const { host, port, user } = checked;
    const target = describeAddress({ host, port, user });
    const about = { site: checked.name, kind, target, request: checked, ...(action && { action }) };
    return operations.begin({ ...about, usual: kind === 'deploy' ? usual : undefined, steps: deployStepIds }, (run) =>
      deployed(deploy(checked, kind, { ports, override, ...run })),
    );
  }

  function act(site: string, action: SiteAction, override: boolean): { operationId: string } {
    const known = ports.sites.need(site);
    if (action === 'upgrade') return beginDeploy(requestOf(known), 'upgrade', override, action);
    return operations.begin({ site, kind: 'action', action, target: describeAddress(known), steps: [] }, (run) =>
      perform(site, action, { ports, override, ...run }),
    );
  }

  const quick = (): OperateOptions => ({ ports, signal: AbortSignal.timeout(QUICK_MS) });

  return {
    unfinished: () => unfinished,
    async load() {
      [unfinished, usual] = await Promise.all([listUnfinished(ports.folder), usualDeployTime(ports.folder)]);
    },
    handlers: {
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
        operations.stop(site);
        return {};
      },
      'sites.undo': ({ site }) =>
        operations.begin({ site, kind: 'undo', steps: deployStepIds }, (run) =>
          proven(undoDeploy(site, { ports, ...run })),
        ),
      'sites.hostKey'({ id, accept }) {
        operations.answer(id, accept);
        return {};
      },
      'sites.act': ({ site, action, override }) => act(site, action, override),
      'sites.status': ({ site }) => siteStatus(site, quick()),
      'sites.doctor': async ({ site }) => ({ findings: await examineSite(site, quick()) }),
      'sites.logs': async ({ site, lines }) => ({ lines: await siteLog(site, lines, quick()) }),
    },
  };
}

/** What a deploy says at its end. */
export async function deployed(result: ReturnType<typeof deploy>): Promise<Ended> {
  const { changed } = await result;
  return changed.length === 0
    ? { isUnchanged: true, summary: 'Nothing to change: everything is as it should be.' }
    : { summary: `Changed: ${changed.join(', ')}.` };
}

/** What an undo or a removal says at its end. */
export async function proven(result: Promise<Gone>): Promise<Ended> {
  const { gone, saidGone } = await result;
  const isUnchanged = gone.length === 0;
  return {
    isUnchanged,
    summary: isUnchanged ? 'There was nothing to remove.' : `Gone: ${gone.join(', ')}.`,
    gone,
    saidGone,
  };
}

async function perform(site: string, action: Exclude<SiteAction, 'upgrade'>, options: OperateOptions): Promise<Ended> {
  switch (action) {
    case 'start':
      return (await startSite(site, options)).changed
        ? { summary: 'The agent runs; it is locked until it gets its keys.' }
        : { isUnchanged: true, summary: 'It was running already.' };
    case 'stop':
      return (await stopSite(site, options)).changed
        ? { summary: 'The agent is stopped.' }
        : { isUnchanged: true, summary: 'It was stopped already.' };
    case 'restart':
      await restartSite(site, options);
      return { summary: 'The agent was restarted; it is locked until it gets its keys.' };
    case 'rollback':
      return { summary: `${(await rollbackSite(site, options)).release} runs.` };
    case 'uninstall':
      return proven(uninstallSite(site, options));
  }
}
