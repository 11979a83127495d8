import { MIN_NODE_MAJOR, RUNTIME_PINS, runtimeArch, runtimeName, type RuntimeArch } from './runtime-pins.ts';
import { AGENT_USER, UNIT_FILE } from './unit.ts';
import { SYSTEM_PREFIX } from './request.ts';
import type { DeployRequest, HostFacts, Saying } from '../ipc/site-schema.ts';
import { saying } from '../text/saying.ts';

/** Where everything of a site is on its server. */
export interface SiteLayout {
  prefix: string;
  service: 'systemd' | 'supervised';
  /** Undefined: the agent runs as the login user. */
  agentUser: string | undefined;
  /** Undefined without systemd. */
  unitFile: string | undefined;
  agentPort: number;
}

/** Pure. `systemd`: whether it runs there; without `prefix` in the request root is needed and the agent has its own user. */
export function layoutOf(request: Pick<DeployRequest, 'prefix' | 'agentPort'>, systemd: boolean): SiteLayout {
  const { prefix, agentPort } = request;
  if (prefix !== undefined) {
    return { prefix, service: 'supervised', agentUser: undefined, unitFile: undefined, agentPort };
  }
  return {
    prefix: SYSTEM_PREFIX,
    service: systemd ? 'systemd' : 'supervised',
    agentUser: AGENT_USER,
    unitFile: systemd ? UNIT_FILE : undefined,
    agentPort,
  };
}

/** Folder for uploads: the login user's own, so that bulk data never passes through sudo. */
export function stagingOf(layout: SiteLayout, home: string): string {
  return layout.agentUser === undefined ? `${layout.prefix}/staging` : `${home}/.halfspread-staging`;
}

/** Which Node the agent gets. */
export type RuntimeChoice = { kind: 'system'; path: string; version: string } | { kind: 'pinned'; arch: RuntimeArch };

/**
 * The Node that is there if it is new enough and every user can run it, else the pinned one.
 * @param nodePath real path of the Node found there
 * @returns undefined where no official build exists
 */
export function chooseRuntime(
  facts: Pick<HostFacts, 'arch' | 'systemNode'>,
  nodePath: string | undefined,
  layout: SiteLayout,
): RuntimeChoice | undefined {
  const { systemNode } = facts;
  const isForAll = layout.agentUser === undefined || /^\/(usr|opt)\/[A-Za-z0-9._/-]+$/.test(nodePath ?? '');
  if (systemNode !== undefined && nodePath !== undefined && Number(systemNode.split('.')[0]) >= MIN_NODE_MAJOR) {
    // A path with other characters would need quoting in the unit file's links; ours has none.
    if (isForAll && /^[A-Za-z0-9._/-]+$/.test(nodePath)) return { kind: 'system', path: nodePath, version: systemNode };
  }
  const arch = runtimeArch(facts.arch);
  return arch === undefined ? undefined : { kind: 'pinned', arch };
}

/** The runtime as the scripts take it: "system:PATH" or a folder name, and the SHA-256 of its node or "-". */
export function runtimeArguments(runtime: RuntimeChoice): { name: string; nodeSha256: string } {
  return runtime.kind === 'system'
    ? { name: `system:${runtime.path}`, nodeSha256: '-' }
    : { name: runtimeName(runtime.arch), nodeSha256: RUNTIME_PINS[runtime.arch].nodeSha256 };
}

/** "Node 24.21.0 of the system", for people. */
export function describeRuntime(runtime: RuntimeChoice): Saying {
  return runtime.kind === 'system'
    ? saying('runtime.system', { version: runtime.version, path: runtime.path })
    : saying('runtime.pinned', { name: runtimeName(runtime.arch) });
}
