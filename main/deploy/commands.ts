/** The scripts of a site with their arguments: what a deploy runs and what a dry run prints come from here. */
import type { VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import type { EnrolRequest } from '../../engine/protocol/agent-program.ts';
import { createHash } from 'node:crypto';
import type { AgentBundle } from './bundle.ts';
import type { RemoteScript } from './host.ts';
import { runtimeArguments, type RuntimeChoice, type SiteLayout } from './layout.ts';
import { runtimeMember, runtimeName, runtimeUrl, RUNTIME_PINS, type RuntimeArch } from './runtime-pins.ts';
import * as agent from './scripts/agent.ts';
import * as install from './scripts/install.ts';
import * as look from './scripts/look.ts';
import * as runtime from './scripts/runtime.ts';
import * as service from './scripts/service.ts';
import { SUPERVISE } from './supervise.ts';
import { AGENT_STOP_S, SERVICE_NAME, unitText } from './unit.ts';

const RUNTIME_TIMEOUT_MS = 40 * 60_000;
/** More than the longest stop and its forced end. */
const STOP_TIMEOUT_MS = 90_000;
/** A log is followed until somebody stops it. */
const FOLLOW_TIMEOUT_MS = 7 * 24 * 3_600_000;

type Release = Pick<AgentBundle, 'release' | 'manifestSha256' | 'sha256'>;

const user = ({ agentUser }: SiteLayout) => agentUser ?? '-';
/** Root where the agent has its own user; in a folder of the login user, that user. */
const owner = ({ agentUser }: SiteLayout) => (agentUser === undefined ? 'login' : 'root');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const who = (): RemoteScript => ({ name: 'who am I', runsAs: 'login', body: look.WHO, args: [] });
export const becomeRoot = (): RemoteScript => ({
  name: 'become root',
  runsAs: 'root',
  body: look.BECOME_ROOT,
  args: [],
});
export const facts = (layout: SiteLayout, endpoints: VenueEndpoints): RemoteScript => ({
  name: 'look at the system',
  runsAs: owner(layout),
  body: look.FACTS,
  args: [layout.prefix, String(layout.agentPort), endpoints.paradex.restUrl, endpoints.vest.restUrl],
});

export const staging = (folder: string): RemoteScript => ({
  name: 'staging folder',
  runsAs: 'login',
  body: runtime.STAGING,
  args: [folder],
});
export const dropStaging = (folder: string): RemoteScript => ({
  name: 'remove the staging folder',
  runsAs: 'login',
  body: runtime.DROP_STAGING,
  args: [folder],
});
export const checkFile = (runsAs: 'login' | 'root', path: string, hash: string): RemoteScript => ({
  name: 'check a file',
  runsAs,
  body: runtime.CHECK_FILE,
  args: [path, hash],
});
export const checkInstalledRuntime = (layout: SiteLayout, arch: RuntimeArch): RemoteScript =>
  checkFile(owner(layout), `${layout.prefix}/runtime/${runtimeName(arch)}/node`, RUNTIME_PINS[arch].nodeSha256);
export const downloadRuntime = (folder: string, mirror: string, arch: RuntimeArch): RemoteScript => ({
  name: 'download Node there',
  runsAs: 'login',
  body: runtime.DOWNLOAD,
  args: [
    folder,
    runtimeUrl(mirror, arch),
    RUNTIME_PINS[arch].archiveSha256,
    runtimeMember(arch),
    RUNTIME_PINS[arch].nodeSha256,
    runtimeName(arch),
  ],
  timeoutMs: RUNTIME_TIMEOUT_MS,
});
export const unpackRuntime = (folder: string, uploaded: string, hash: string, arch: RuntimeArch): RemoteScript => ({
  name: 'unpack Node',
  runsAs: 'login',
  body: runtime.UNPACK_NODE,
  args: [folder, uploaded, hash, RUNTIME_PINS[arch].nodeSha256, runtimeName(arch)],
});
export const acceptUpload = (folder: string, file: string, hash: string): RemoteScript => ({
  name: 'check the upload',
  runsAs: 'login',
  body: runtime.ACCEPT_UPLOAD,
  args: [folder, file, hash],
});
/** Name of the archive in the staging folder. */
export const archiveName = ({ sha256: hash }: Pick<Release, 'sha256'>) => `agent-${hash.slice(0, 16)}.tgz`;

export const checkRelease = (
  layout: SiteLayout,
  release: Release,
  choice: RuntimeChoice,
  siteId: string,
): RemoteScript => {
  const { name, nodeSha256 } = runtimeArguments(choice);
  return {
    name: 'check the installed files',
    runsAs: owner(layout),
    body: install.CHECK_RELEASE,
    args: [layout.prefix, release.release, release.manifestSha256, name, nodeSha256, user(layout), siteId],
  };
};
export const installRelease = (
  layout: SiteLayout,
  release: Release,
  choice: RuntimeChoice,
  folder: string,
  marker: string,
): RemoteScript => {
  const { name, nodeSha256 } = runtimeArguments(choice);
  return {
    name: 'user, folders, files',
    runsAs: owner(layout),
    body: install.INSTALL,
    args: [
      layout.prefix,
      release.release,
      release.manifestSha256,
      name,
      nodeSha256,
      user(layout),
      folder,
      archiveName(release),
      release.sha256,
    ],
    input: marker,
  };
};
export const switchTo = (layout: SiteLayout, release: string): RemoteScript => ({
  name: 'switch the version',
  runsAs: owner(layout),
  body: install.SWITCH,
  args: [layout.prefix, release],
});
export const switchBack = (layout: SiteLayout, leave: string): RemoteScript => ({
  name: 'go back to the version before',
  runsAs: owner(layout),
  body: install.SWITCH_BACK,
  args: [layout.prefix, leave],
});
export const prune = (layout: SiteLayout, keep: number): RemoteScript => ({
  name: 'remove old versions',
  runsAs: owner(layout),
  body: install.PRUNE,
  args: [layout.prefix, String(keep)],
});
export const mark = (layout: SiteLayout, marker: string): RemoteScript => ({
  name: 'mark as complete',
  runsAs: owner(layout),
  body: install.MARK,
  args: [layout.prefix],
  input: marker,
});

export const releases = (layout: SiteLayout): RemoteScript => ({
  name: 'installed versions',
  runsAs: owner(layout),
  body: install.RELEASES,
  args: [layout.prefix],
});

export const init = (layout: SiteLayout, release: string): RemoteScript => ({
  name: 'agent: init',
  runsAs: 'agent',
  body: agent.AGENT_INIT,
  args: [layout.prefix, String(layout.agentPort), release],
});
export const selfTest = (layout: SiteLayout, release: string): RemoteScript => ({
  name: 'agent: self-test',
  runsAs: 'agent',
  body: agent.AGENT_SELF_TEST,
  args: [layout.prefix, release],
});
export const agentStatus = (layout: SiteLayout): RemoteScript => ({
  name: 'agent: status',
  runsAs: 'agent',
  body: agent.AGENT_STATUS,
  args: [layout.prefix],
  timeoutMs: 30_000,
});
export const devices = (layout: SiteLayout): RemoteScript => ({
  name: 'agent: devices',
  runsAs: 'agent',
  body: agent.AGENT_DEVICES,
  args: [layout.prefix],
});
export const enrol = (layout: SiteLayout, device: EnrolRequest): RemoteScript => ({
  name: 'agent: enrol this machine',
  runsAs: 'agent',
  body: agent.AGENT_ENROL,
  args: [layout.prefix],
  input: JSON.stringify(device),
});
export const measure = (layout: SiteLayout, endpoints: VenueEndpoints, samples: number): RemoteScript => ({
  name: 'agent: measure the venues',
  runsAs: 'agent',
  body: agent.AGENT_MEASURE,
  args: [layout.prefix],
  input: JSON.stringify({ endpoints, samples }),
});

/** The service's definition and the check of it. */
export function writeService(layout: SiteLayout, release: string): RemoteScript {
  const { unitFile } = layout;
  return unitFile === undefined
    ? {
        name: 'write the supervisor',
        runsAs: owner(layout),
        body: service.WRITE_SUPERVISOR,
        args: [layout.prefix, user(layout)],
        input: SUPERVISE,
      }
    : {
        name: 'write the service',
        runsAs: 'root',
        body: service.WRITE_UNIT,
        args: [unitFile, SERVICE_NAME, layout.prefix, release],
        input: unitText(layout.prefix),
      };
}
export function checkService(layout: SiteLayout): RemoteScript {
  const { unitFile } = layout;
  return unitFile === undefined
    ? {
        name: 'check the supervisor',
        runsAs: owner(layout),
        body: service.CHECK_SUPERVISOR,
        args: [layout.prefix, sha256(SUPERVISE)],
      }
    : {
        name: 'check the service',
        runsAs: 'root',
        body: service.CHECK_UNIT,
        args: [unitFile, SERVICE_NAME, sha256(unitText(layout.prefix))],
      };
}
export function serviceState(layout: SiteLayout): RemoteScript {
  return layout.unitFile === undefined
    ? { name: 'state of the supervisor', runsAs: 'agent', body: service.SUPERVISOR_STATE, args: [layout.prefix] }
    : { name: 'state of the service', runsAs: 'root', body: service.UNIT_STATE, args: [SERVICE_NAME] };
}
export function startService(layout: SiteLayout): RemoteScript {
  return layout.unitFile === undefined
    ? { name: 'start the supervisor', runsAs: 'agent', body: service.START_SUPERVISOR, args: [layout.prefix] }
    : { name: 'start the service', runsAs: 'root', body: service.START_UNIT, args: [SERVICE_NAME] };
}
export function stopService(layout: SiteLayout): RemoteScript {
  return layout.unitFile === undefined
    ? {
        name: 'stop the supervisor',
        runsAs: owner(layout),
        body: service.STOP_SUPERVISOR,
        args: [layout.prefix, String(AGENT_STOP_S)],
        timeoutMs: STOP_TIMEOUT_MS,
      }
    : {
        name: 'stop the service',
        runsAs: 'root',
        body: service.STOP_UNIT,
        args: [SERVICE_NAME],
        timeoutMs: STOP_TIMEOUT_MS,
      };
}
export function serviceLog(layout: SiteLayout, lines: number, follow: boolean): RemoteScript {
  const supervised = follow ? service.FOLLOW_SUPERVISOR_LOG : service.SUPERVISOR_LOG;
  const unit = follow ? service.FOLLOW_UNIT_LOG : service.UNIT_LOG;
  const timeoutMs = follow ? FOLLOW_TIMEOUT_MS : undefined;
  return layout.unitFile === undefined
    ? { name: 'log', runsAs: owner(layout), body: supervised, args: [layout.prefix, String(lines)], timeoutMs }
    : { name: 'log', runsAs: 'root', body: unit, args: [SERVICE_NAME, String(lines)], timeoutMs };
}
export function removeService(layout: SiteLayout): RemoteScript | undefined {
  const { unitFile } = layout;
  return unitFile === undefined
    ? undefined
    : { name: 'remove the service', runsAs: 'root', body: service.REMOVE_UNIT, args: [unitFile, SERVICE_NAME] };
}
export const removeFiles = (layout: SiteLayout): RemoteScript => ({
  name: 'remove the files',
  runsAs: owner(layout),
  body: install.REMOVE_FILES,
  args: [layout.prefix],
});
export function removeUser({ agentUser }: SiteLayout): RemoteScript | undefined {
  return agentUser === undefined
    ? undefined
    : { name: 'remove the user', runsAs: 'root', body: install.REMOVE_USER, args: [agentUser] };
}
export const proveGone = (layout: SiteLayout): RemoteScript => ({
  name: 'prove that nothing is left',
  runsAs: owner(layout),
  body: install.PROVE_GONE,
  args: [layout.prefix, String(layout.agentPort), user(layout), layout.unitFile ?? '-'],
});
