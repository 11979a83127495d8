import type { DeployRequest, Finding, HostFacts } from '../ipc/site-schema.ts';
import type { ScriptOutput } from './host.ts';
import { MIN_GLIBC, runtimeArch } from './runtime-pins.ts';
import { saying } from '../text/saying.ts';
import { problem } from './finding.ts';

/** What is already in the site's folder, from its marker file. */
export interface SiteMarker {
  siteId: string;
  name: string;
  state: 'incomplete' | 'complete';
}

/** Facts that matter for the deploy alone. */
export interface PreflightExtras {
  marker: SiteMarker | undefined;
  /** The folder holds files, and none of them says it is a site. */
  foreign: boolean;
  writable: boolean;
  missingTools: string[];
  downloader: boolean;
  nodePath: string | undefined;
  previous: string | undefined;
  /** Process numbers of what runs from the folder. */
  processes: string;
}

const MIB_IN_KIB = 1024;
/** With an own Node (127 MB, and its upload beside it) and two releases. */
const MIN_DISK_MIB = 350;
/** With the system's Node. */
const MIN_DISK_SYSTEM_NODE_MIB = 60;
const MIN_MEMORY_MIB = 200;
const WARN_MEMORY_MIB = 450;
/** Orders carry a time the venues check; entries stop at a quarter of the receive window (0.4 to 0.75 s). */
const MAX_CLOCK_OFFSET_MS = 2_000;
const WARN_CLOCK_OFFSET_MS = 300;

export function parseFacts(
  output: ScriptOutput,
  clock: { offsetMs: number; errorMs: number },
): { facts: HostFacts; extras: PreflightExtras } {
  const number = (key: string) => Number(output.get(key) ?? 0) || 0;
  const text = (key: string) => output.get(key) ?? 'unknown';
  const marker = new Map(
    output.all('marker').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  const siteId = marker.get('siteId');
  return {
    facts: {
      os: text('os'),
      arch: text('arch'),
      libc: text('libc'),
      distribution: text('distribution'),
      systemd: output.get('systemd') === 'yes',
      memoryMiB: Math.round(number('memoryKiB') / MIB_IN_KIB),
      diskFreeMiB: Math.floor(number('diskFreeKiB') / MIB_IN_KIB),
      clockOffsetMs: Math.round(clock.offsetMs * 10) / 10,
      clockErrorMs: Math.round(clock.errorMs * 10) / 10,
      portBusy: output.get('portBusy') === 'yes',
      releases: output.all('release'),
      current: output.get('current'),
      systemNode: output.get('systemNode'),
      venueConnectMs: output.all('connect').flatMap((line) => {
        const [url, ms] = line.split(' ');
        return url !== undefined && URL.canParse(url) && Number(ms) > 0
          ? [{ host: new URL(url).hostname, ms: Number(ms) }]
          : [];
      }),
    },
    extras: {
      marker:
        siteId === undefined
          ? undefined
          : {
              siteId,
              name: marker.get('name') ?? '',
              state: marker.get('state') === 'complete' ? 'complete' : 'incomplete',
            },
      foreign: output.get('foreign') === 'yes',
      writable: output.get('writable') === 'yes',
      missingTools: output.all('missing'),
      downloader: output.get('downloader') !== undefined,
      nodePath: output.get('systemNodePath'),
      previous: output.get('previous'),
      processes: (output.get('processes') ?? '').trim(),
    },
  };
}

/** The marker file as a deploy writes it. */
export function markerText(marker: SiteMarker & { agentPort: number }): string {
  return `siteId=${marker.siteId}\nname=${marker.name}\nstate=${marker.state}\nagentPort=${marker.agentPort}\n`;
}

export interface JudgeInput {
  request: Pick<DeployRequest, 'name' | 'prefix' | 'agentPort' | 'adopt'>;
  prefix: string;
  siteId: string;
  facts: HostFacts;
  extras: PreflightExtras;
  /** The system's Node will do. */
  usesSystemNode: boolean;
}

/** What speaks against this server. Pure; a finding of severity `stop` ends the deploy before anything is changed there. */
export function judgeHost(input: JudgeInput): Finding[] {
  return [...judgeSystem(input), ...judgeRoom(input), ...judgeClock(input.facts), ...judgeWhatIsThere(input)];
}

function judgeSystem({ facts, extras, usesSystemNode, prefix }: JudgeInput): Finding[] {
  const findings: Finding[] = [];
  if (facts.os !== 'Linux') {
    return [problem('stop', 'HS_DEPLOY_OS', saying('finding.os', { os: facts.os }), saying('finding.os.do'))];
  }
  if (!usesSystemNode && runtimeArch(facts.arch) === undefined) {
    findings.push(
      problem('stop', 'HS_DEPLOY_ARCH', saying('finding.arch', { arch: facts.arch }), saying('finding.arch.do')),
    );
  }
  if (!usesSystemNode && !libcIsNewEnough(facts.libc)) {
    findings.push(
      problem(
        'stop',
        'HS_DEPLOY_LIBC',
        saying('finding.libc', { libc: facts.libc, needed: MIN_GLIBC.join('.') }),
        saying('finding.libc.do'),
      ),
    );
  }
  if (extras.missingTools.length > 0) {
    findings.push(
      problem(
        'stop',
        'HS_DEPLOY_TOOLS',
        saying('finding.tools', { tools: extras.missingTools.join(', ') }),
        saying('finding.tools.do'),
      ),
    );
  }
  if (!extras.writable) {
    findings.push(
      problem(
        'stop',
        'HS_DEPLOY_PERMISSION',
        saying('finding.permission', { prefix }),
        saying('finding.permission.do'),
        'Name another folder with --prefix.',
      ),
    );
  }
  return findings;
}

function judgeRoom({ facts, usesSystemNode, prefix }: JudgeInput): Finding[] {
  const findings: Finding[] = [];
  const isThere = facts.releases.length > 0;
  const neededMiB = usesSystemNode || isThere ? MIN_DISK_SYSTEM_NODE_MIB : MIN_DISK_MIB;
  if (facts.diskFreeMiB < neededMiB) {
    findings.push(
      problem(
        'stop',
        'HS_DEPLOY_DISK_FULL',
        saying('finding.disk', { freeMiB: facts.diskFreeMiB, prefix, neededMiB }),
        saying('finding.disk.do'),
        'Free space on the server, or name a folder on a larger disk with --prefix.',
      ),
    );
  }
  if (facts.memoryMiB > 0 && facts.memoryMiB < MIN_MEMORY_MIB) {
    findings.push(
      problem(
        'stop',
        'HS_DEPLOY_MEMORY',
        saying('finding.memory', { memoryMiB: facts.memoryMiB, neededMiB: MIN_MEMORY_MIB }),
        saying('finding.memory.do'),
      ),
    );
  } else if (facts.memoryMiB > 0 && facts.memoryMiB < WARN_MEMORY_MIB) {
    findings.push(
      problem(
        'warn',
        'HS_DEPLOY_MEMORY',
        saying('finding.memoryLow', { memoryMiB: facts.memoryMiB }),
        saying('finding.memoryLow.do'),
      ),
    );
  }
  return findings;
}

export function judgeClock({ clockOffsetMs, clockErrorMs }: HostFacts): Finding[] {
  const atLeastMs = Math.abs(clockOffsetMs) - clockErrorMs;
  if (atLeastMs <= WARN_CLOCK_OFFSET_MS) return [];
  const isRefused = atLeastMs > MAX_CLOCK_OFFSET_MS;
  const side = clockOffsetMs > 0 ? 'finding.clockAhead' : 'finding.clockBehind';
  const values = { byMs: Math.abs(clockOffsetMs), errorMs: clockErrorMs };
  return [
    problem(
      isRefused ? 'stop' : 'warn',
      'HS_DEPLOY_CLOCK',
      saying(isRefused ? `${side}.refused` : side, values),
      saying('finding.clock.do'),
    ),
  ];
}

function judgeWhatIsThere({ request, prefix, siteId, facts, extras }: JudgeInput): Finding[] {
  const { marker } = extras;
  const isOurs = marker?.siteId === siteId;
  const findings: Finding[] = [];
  if (extras.foreign) {
    findings.push(
      problem(
        'stop',
        'HS_DEPLOY_PREFIX_IN_USE',
        saying('finding.foreign', { prefix }),
        saying('finding.foreign.do'),
        'Name another folder with --prefix.',
      ),
    );
  }
  if (marker && !isOurs && !request.adopt) {
    findings.push(
      marker.state === 'complete'
        ? problem(
            'stop',
            'HS_DEPLOY_OTHER_SITE',
            saying('finding.otherSite', { name: marker.name, prefix }),
            saying('finding.otherSite.do'),
            'If it is yours, deploy with --adopt: it keeps its trades and this machine takes it over. Otherwise use another server.',
          )
        : problem(
            'stop',
            'HS_DEPLOY_LEFTOVERS',
            saying('finding.leftovers', { name: marker.name, prefix }),
            saying('finding.leftovers.do'),
            'Deploy with --adopt to complete it: what is there already is checked and kept.',
          ),
    );
  }
  if (facts.portBusy && !(marker && extras.processes !== '')) {
    findings.push(
      problem(
        'stop',
        'HS_DEPLOY_PORT_BUSY',
        saying('finding.portBusy', { port: request.agentPort }),
        saying('finding.portBusy.do'),
        'Choose another port for the agent with --agent-port, or stop that program.',
      ),
    );
  }
  return findings;
}

function libcIsNewEnough(libc: string): boolean {
  const found = /^glibc (\d+)\.(\d+)/.exec(libc);
  if (!found) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > MIN_GLIBC[0] || (major === MIN_GLIBC[0] && minor >= MIN_GLIBC[1]);
}
