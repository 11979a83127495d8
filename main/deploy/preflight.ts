import type { DeployRequest, Finding, HostFacts } from '../ipc/site-schema.ts';
import type { ScriptOutput } from './host.ts';
import { MIN_GLIBC, runtimeArch } from './runtime-pins.ts';

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
    return [
      stop(
        'HS_DEPLOY_OS',
        `The server runs ${facts.os}; the agent runs on Linux.`,
        'Use a Linux server, for example Debian 12 or Ubuntu 24.04.',
      ),
    ];
  }
  if (!usesSystemNode && runtimeArch(facts.arch) === undefined) {
    findings.push(
      stop(
        'HS_DEPLOY_ARCH',
        `The server’s processor (${facts.arch}) has no official Node build.`,
        'Use an x86-64 or ARM64 server, or install Node 24 there yourself.',
      ),
    );
  }
  if (!usesSystemNode && !libcIsNewEnough(facts.libc)) {
    findings.push(
      stop(
        'HS_DEPLOY_LIBC',
        `The server’s C library (${facts.libc}) cannot run the official Node builds, which need glibc ${MIN_GLIBC.join('.')}.`,
        'Use Debian 10, Ubuntu 20.04, RHEL 8 or newer, or install Node 24 there yourself.',
      ),
    );
  }
  if (extras.missingTools.length > 0) {
    findings.push(
      stop(
        'HS_DEPLOY_TOOLS',
        `The server lacks ${extras.missingTools.join(', ')}.`,
        `Install them there: apt-get install coreutils tar gzip mawk.`,
      ),
    );
  }
  if (!extras.writable) {
    findings.push(
      stop(
        'HS_DEPLOY_PERMISSION',
        `This user may not write ${prefix} or the folder above it.`,
        'Name another folder with --prefix.',
      ),
    );
  }
  return findings;
}

function judgeRoom({ facts, usesSystemNode, prefix }: JudgeInput): Finding[] {
  const findings: Finding[] = [];
  const isThere = facts.releases.length > 0;
  const needMiB = usesSystemNode || isThere ? MIN_DISK_SYSTEM_NODE_MIB : MIN_DISK_MIB;
  if (facts.diskFreeMiB < needMiB) {
    findings.push(
      stop(
        'HS_DEPLOY_DISK_FULL',
        `${facts.diskFreeMiB} MiB are free for ${prefix}; this deploy needs ${needMiB} MiB.`,
        'Free space on the server, or name a folder on a larger disk with --prefix.',
      ),
    );
  }
  if (facts.memoryMiB > 0 && facts.memoryMiB < MIN_MEMORY_MIB) {
    findings.push(
      stop(
        'HS_DEPLOY_MEMORY',
        `The server has ${facts.memoryMiB} MiB of memory; the agent needs ${MIN_MEMORY_MIB}.`,
        'Take a plan with at least 512 MiB.',
      ),
    );
  } else if (facts.memoryMiB > 0 && facts.memoryMiB < WARN_MEMORY_MIB) {
    findings.push(
      warn(
        'HS_DEPLOY_MEMORY',
        `The server has only ${facts.memoryMiB} MiB of memory.`,
        'A plan with 1 GiB leaves room for upgrades.',
      ),
    );
  }
  return findings;
}

export function judgeClock({ clockOffsetMs, clockErrorMs }: HostFacts): Finding[] {
  const atLeastMs = Math.abs(clockOffsetMs) - clockErrorMs;
  const says = `The server’s clock and this machine’s differ by ${describeMs(Math.abs(clockOffsetMs))} (± ${describeMs(clockErrorMs)}); the server is ${clockOffsetMs > 0 ? 'ahead' : 'behind'}.`;
  const remedy =
    'Switch time synchronisation on where the clock is wrong: timedatectl set-ntp true (Debian: apt-get install systemd-timesyncd).';
  if (atLeastMs > MAX_CLOCK_OFFSET_MS) {
    return [stop('HS_DEPLOY_CLOCK', `${says} Venues refuse orders with such a time.`, remedy)];
  }
  return atLeastMs > WARN_CLOCK_OFFSET_MS ? [warn('HS_DEPLOY_CLOCK', says, remedy)] : [];
}

function judgeWhatIsThere({ request, prefix, siteId, facts, extras }: JudgeInput): Finding[] {
  const { marker } = extras;
  const isOurs = marker?.siteId === siteId;
  const findings: Finding[] = [];
  if (extras.foreign) {
    findings.push(
      stop(
        'HS_DEPLOY_PREFIX_IN_USE',
        `The folder ${prefix} has files that are not Halfspread’s; nothing was put there.`,
        'Name another folder with --prefix.',
      ),
    );
  }
  if (marker && !isOurs && !request.adopt) {
    findings.push(
      marker.state === 'complete'
        ? stop(
            'HS_DEPLOY_OTHER_SITE',
            `Another Halfspread (“${marker.name}”) is installed in ${prefix}, and this program has no record of it.`,
            'If it is yours, deploy with --adopt: it keeps its trades and this machine takes it over. Otherwise use another server.',
          )
        : stop(
            'HS_DEPLOY_LEFTOVERS',
            `A deploy of “${marker.name}” was left half done in ${prefix}, and this program has no journal of it.`,
            'Deploy with --adopt to complete it: what is there already is checked and kept.',
          ),
    );
  }
  if (facts.portBusy && !(marker && extras.processes !== '')) {
    findings.push(
      stop(
        'HS_DEPLOY_PORT_BUSY',
        `Another program on the server listens on port ${request.agentPort}.`,
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

function describeMs(ms: number): string {
  if (ms < 1_000) return `${ms.toFixed(1)} ms`;
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function stop(code: string, message: string, remedy: string): Finding {
  return { code, severity: 'stop', message, remedy };
}

function warn(code: string, message: string, remedy: string): Finding {
  return { code, severity: 'warn', message, remedy };
}
