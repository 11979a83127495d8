/** The last steps: enrol this machine, measure the venues from there, keep the site in the registry. */
import { connect } from 'node:net';
import { devicesResultSchema, enrolResultSchema, measureResultSchema } from '../../../engine/protocol/agent-program.ts';
import { canonicalJson } from '../../../engine/protocol/canonical.ts';
import { errorMessage, HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { Site } from '../../ipc/site-schema.ts';
import * as commands from '../commands.ts';
import type { DeployContext } from '../context.ts';
import { runtimeArguments, stagingOf } from '../layout.ts';
import { markerText } from '../preflight.ts';
import { probe, type DeployStep } from '../step.ts';
import { saying } from '../../text/saying.ts';

/** How many releases stay on the server. */
const KEPT_RELEASES = 3;
const REACH_TIMEOUT_MS = 4_000;

/** Each side learns the other's keys inside the verified SSH session: nothing is trusted on first use later. */
export const enrolStep: DeployStep = {
  id: 'enrol',
  kind: 'change',
  // The agent itself says whether anything is new to it.
  check: () => Promise.resolve({ done: false }),
  async apply({ host, layout, ports }) {
    const device = await ports.device();
    const { changed } = await host.runJson(commands.enrol(layout, device), enrolResultSchema);
    return { changed, detail: [saying('enrol', { label: device.label, role: device.role })] };
  },
  async verify({ host, layout, ports }) {
    const device = await ports.device();
    const { devices } = await host.runJson(commands.devices(layout), devicesResultSchema);
    if (devices.some(({ deviceId, role }) => deviceId === device.deviceId && role === device.role)) return;
    throw new HalfspreadError(
      'HS_DEPLOY_ENROL',
      'The agent does not list this machine after it was enrolled.',
      'Deploy again.',
    );
  },
};

/** Times the venues from there; a server that reaches none is told, not refused: practice needs no venue. */
export const measureStep = probe('measure', async (context, report) => {
  const { host, layout, ports, target, request } = context;
  report.detail(saying('measure.probes', { count: ports.measureSamples }));
  context.reachable = await answers(target.host, request.agentPort);
  const reach = saying(context.reachable ? 'measure.port' : 'measure.noPort', { port: request.agentPort });
  try {
    const result = await host.runJson(
      commands.measure(layout, ports.endpoints, ports.measureSamples),
      measureResultSchema,
    );
    context.measured = result;
    const venues = result.venues.map(({ venue, tcpConnect: { p50, n }, error }) => {
      if (p50 !== undefined) return saying('measure.venue', { venue, p50Ms: p50, n });
      return error
        ? saying('measure.notReached', { venue, why: error.message })
        : saying('measure.noAnswer', { venue });
    });
    return [...venues, reach];
  } catch (error) {
    if (!(error instanceof HalfspreadError) || error.code.startsWith('HS_SSH')) throw error;
    return [saying('measure.failed', { why: errorMessage(error) }), reach];
  }
});

/** Whether something accepts a connection there. */
export function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(REACH_TIMEOUT_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** The site in our registry, the marker there says complete, old versions and uploads go. */
export const recordStep: DeployStep = {
  id: 'record',
  kind: 'change',
  check: () => Promise.resolve({ done: false }),
  async apply(context) {
    const { host, layout, ports, request, siteId } = context;
    const marker = markerText({ siteId, name: request.name, state: 'complete', agentPort: request.agentPort });
    const before = ports.sites.get(request.name);
    const site = siteOf(context, before);
    const marked = await host.run(commands.mark(layout, marker));
    const pruned = (await host.run(commands.prune(layout, KEPT_RELEASES))).all('pruned');
    await host.run(commands.dropStaging(stagingOf(layout, context.known('connection').home)));
    await ports.sites.put(site);
    const changed = marked.get('changed') === 'yes' || pruned.length > 0 || !isSameSite(before, site);
    const removed = pruned.length > 0 ? saying('record.removed', { releases: pruned.join(', ') }) : undefined;
    return { changed, detail: [removed ?? saying('record.site', { site: site.name })] };
  },
  verify: ({ ports, request }) => Promise.resolve(void ports.sites.need(request.name)),
  async undo({ ports, request }) {
    if (!ports.sites.get(request.name)) return [];
    await ports.sites.remove(request.name);
    return [saying('gone.site', { site: request.name })];
  },
};

function siteOf(context: DeployContext, before: Site | undefined): Site {
  const { request, siteId, layout, bundle, ports } = context;
  const { agentId, spkiPin, certificatePem, publicKey, port } = context.known('identity');
  const now = ports.nowMs();
  return {
    id: siteId,
    name: request.name,
    host: request.host,
    port: request.port,
    user: request.user,
    jump: request.jump,
    identityFile: context.target.identityFile,
    prefix: layout.prefix,
    service: layout.service,
    ownUser: layout.agentUser !== undefined,
    hostKeyFingerprint: context.known('hostKey').fingerprint,
    agent: { port, agentId, spkiPin, certificatePem, publicKey, reachable: context.reachable },
    version: bundle.version,
    release: bundle.release,
    runtime: runtimeArguments(context.known('runtime')).name,
    facts: { ...context.known('facts'), current: bundle.release },
    measured: context.measured ?? before?.measured,
    provider: request.provider ?? before?.provider,
    createdAt: before?.createdAt ?? now,
    deployedAt: before?.release === bundle.release ? before.deployedAt : now,
  };
}

/** Apart from what is measured anew each time. */
function isSameSite(a: Site | undefined, b: Site): boolean {
  const constant = ({ facts: _facts, measured: _measured, deployedAt: _deployedAt, ...rest }: Site) => ({
    ...rest,
    agent: { ...rest.agent, reachable: undefined },
  });
  return a !== undefined && canonicalJson(constant(a)) === canonicalJson(constant(b));
}
