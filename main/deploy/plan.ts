import type { DeployRequest, DeployStepId, HostFacts, PlannedStep } from '../ipc/site-schema.ts';
import { deployStepIds } from '../ipc/site-schema.ts';
import type { AgentBundle } from './bundle.ts';
import * as commands from './commands.ts';
import type { RemoteScript } from './host.ts';
import { chooseRuntime, layoutOf, stagingOf } from './layout.ts';
import { markerText } from './preflight.ts';
import { DEPLOY_STEPS } from './steps/all.ts';
import { renderScript } from './scripts/render.ts';
import { sshConfig } from './ssh/config.ts';
import { shellCommand } from './ssh/quote.ts';
import { targetOf } from './request.ts';
import type { DeployPorts } from './ports.ts';

/** What a server is taken to be before anybody has looked. */
export const ASSUMED_FACTS: HostFacts = {
  os: 'Linux',
  arch: 'x86_64',
  libc: 'glibc 2.36',
  distribution: 'assumed',
  systemd: true,
  memoryMiB: 1024,
  diskFreeMiB: 10_000,
  clockOffsetMs: 0,
  clockErrorMs: 0,
  portBusy: false,
  releases: [],
  venueConnectMs: [],
};

/** A new deployment gets its own. */
const ANY_ID = '00000000-0000-0000-0000-000000000000';

type PlanPorts = Pick<DeployPorts, 'runtimeMirror' | 'endpoints' | 'measureSamples'> & { knownHostsFile: string };

/**
 * Every command of a deploy, in order, as the server would get it. Pure but for nothing: nobody is contacted. What is only known
 * there (home folder, processor) is assumed; the device's public keys are left out.
 */
export function planDeploy(
  request: DeployRequest,
  bundle: AgentBundle,
  ports: PlanPorts,
  facts: HostFacts = ASSUMED_FACTS,
): PlannedStep[] {
  const layout = layoutOf(request, facts.systemd);
  const home = request.user === 'root' ? '/root' : `/home/${request.user}`;
  const staging = stagingOf(layout, home);
  const runtime = chooseRuntime(facts, undefined, layout) ?? { kind: 'pinned', arch: 'x64' };
  const marker = (state: 'incomplete' | 'complete') =>
    markerText({
      siteId: ANY_ID,
      name: request.name,
      state,
      agentPort: request.agentPort,
    });
  const arch = runtime.kind === 'pinned' ? runtime.arch : 'x64';

  const scripts: Record<DeployStepId, RemoteScript[]> = {
    desk: [],
    credentials: [],
    hostKey: [],
    login: [commands.who()],
    preflight: [commands.facts(layout, ports.endpoints)],
    runtime: [
      commands.checkInstalledRuntime(layout, arch),
      commands.staging(staging),
      commands.downloadRuntime(staging, ports.runtimeMirror, arch),
    ],
    upload: [
      commands.checkRelease(layout, bundle, runtime, ANY_ID),
      commands.staging(staging),
      commands.acceptUpload(staging, commands.archiveName(bundle), bundle.sha256),
    ],
    install: [commands.installRelease(layout, bundle, runtime, staging, marker('incomplete'))],
    identity: [commands.init(layout, bundle.release)],
    selfTest: [commands.selfTest(layout, bundle.release)],
    service: [commands.checkService(layout), commands.writeService(layout, bundle.release)],
    switch: [commands.switchTo(layout, bundle.release)],
    start: [commands.serviceState(layout), commands.startService(layout)],
    health: [commands.agentStatus(layout)],
    enrol: [commands.devices(layout)],
    measure: [commands.measure(layout, ports.endpoints, ports.measureSamples)],
    record: [commands.mark(layout, marker('complete')), commands.prune(layout, 3), commands.dropStaging(staging)],
  };
  return deployStepIds.map((step) => ({
    step,
    changes: DEPLOY_STEPS.some(({ id, kind }) => id === step && kind === 'change'),
    commands: [
      ...localCommands(step, request, ports, bundle),
      ...scripts[step].map((script) => describe(script, layout.agentUser)),
    ],
  }));
}

type Planned = PlannedStep['commands'][number];

function localCommands(step: DeployStepId, request: DeployRequest, ports: PlanPorts, bundle: AgentBundle): Planned[] {
  const target = targetOf(request);
  const here = (name: string, text: string): Planned => ({ name, runsAs: 'here', text });
  switch (step) {
    case 'credentials':
      return [here('ssh version', shellCommand(['ssh', '-V']))];
    case 'hostKey':
      return [
        here(
          'host key',
          shellCommand([
            'ssh-keyscan',
            '-T',
            '15',
            '-p',
            String(target.port),
            '-t',
            'ed25519,ecdsa,rsa',
            '--',
            target.host,
          ]),
        ),
      ];
    case 'login':
      return [
        here(
          'ssh configuration',
          sshConfig({ target, knownHostsFile: ports.knownHostsFile, asks: false, passwordOnly: false }),
        ),
        here('login', shellCommand(['ssh', '-F', 'CONFIGURATION', '--', 'halfspread-target', 'COMMAND'])),
      ];
    case 'upload':
      return [here('upload', `${bundle.bytes} bytes, SHA-256 ${bundle.sha256}`)];
    default:
      return [];
  }
}

function describe(script: RemoteScript, agentUser: string | undefined): Planned {
  const runsAs = script.runsAs === 'agent' && agentUser === undefined ? 'login' : script.runsAs;
  return {
    name: script.name,
    runsAs,
    text: `${shellCommand(['sh', '-s', '--', ...script.args])}\n${renderScript(script)}`,
  };
}
