/** The steps before anything is changed: desk, credentials, host key, login, preflight. */
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import * as commands from '../commands.ts';
import { checkCredentials, connectHost, describeLogin, readLoginSecrets } from '../connect.ts';
import type { DeployContext } from '../context.ts';
import { chooseRuntime, describeRuntime } from '../layout.ts';
import { judgeHost, parseFacts } from '../preflight.ts';
import { RUNTIME_VERSION } from '../runtime-pins.ts';
import { verifyHostKeys } from '../ssh/verify.ts';
import { describeAddress } from '../ssh/target.ts';
import { probe, type DeployStep } from '../step.ts';
import { saying } from '../../text/saying.ts';

/** A switch between engines needs a flat desk; an upgrade asks the agent itself, right before it switches. */
export const deskStep = probe('desk', async ({ ports, operation }) => {
  if (operation === 'upgrade') return [saying('desk.askedLater')];
  const state = await ports.deskState();
  if (state.flat) return [saying('desk.flat')];
  throw new HalfspreadError(
    'HS_DEPLOY_NOT_FLAT',
    `The desk on this machine is not flat: ${state.why}. Two engines never trade at once, and open positions cannot move between engines yet.`,
    'Close all positions first (halfspread status shows them), then deploy again.',
  );
});

/** Also this machine's own key: without a place for it, nothing could be enrolled at the end. */
export const credentialsStep = probe('credentials', async ({ target, signal, ports }) => {
  const [ssh] = await Promise.all([checkCredentials(target, signal), ports.device()]);
  return [ssh];
});

export const hostKeyStep: DeployStep = {
  ...probe('hostKey', async (context, report) => {
    const { target, ports, request, signal } = context;
    report.detail(saying('hostKey.asking', { address: describeAddress(target) }));
    const { confirmHostKey } = ports;
    const { key, isNew } = await verifyHostKeys({
      target,
      knownHosts: ports.knownHosts,
      expected: request.fingerprints,
      confirm: confirmHostKey && ((question) => confirmHostKey({ ...question, site: request.name })),
      signal,
    });
    context.hostKey = key;
    const { type, fingerprint } = key;
    return [saying(isNew ? 'hostKey.new' : 'hostKey.known', { type, fingerprint })];
  }),
  async undo({ ports, target, request }) {
    const usedElsewhere = ports.sites
      .list()
      .some((site) => site.name !== request.name && site.host === target.host && site.port === target.port);
    if (usedElsewhere) return [];
    return (await ports.knownHosts.forget(target))
      ? [saying('gone.hostKey', { address: describeAddress(target) })]
      : [];
  },
};

export const loginStep = probe('login', async (context) => {
  const { target, ports, request, layout, signal } = context;
  const secrets = await readLoginSecrets(ports.secrets, request.name);
  await context.close();
  context.connection = await connectHost({
    target,
    knownHostsFile: ports.knownHosts.file,
    secrets,
    needsRoot: layout.agentUser !== undefined,
    agentUser: layout.agentUser,
    signal,
  });
  return [describeLogin(context.connection)];
});

/** Looks without judging: what an undo needs. */
export async function lookAtHost(context: DeployContext): Promise<void> {
  const { host, layout, ports } = context;
  const output = await host.run(commands.facts(layout, ports.endpoints));
  const { facts, extras } = parseFacts(output, await host.clock());
  context.facts = facts;
  context.extras = extras;
  context.runtime = chooseRuntime(facts, extras.nodePath, context.layout);
}

export const preflightStep = probe('preflight', async (context, report) => {
  await lookAtHost(context);
  const { request, siteId, runtime } = context;
  const facts = context.known('facts');
  const findings = judgeHost({
    request,
    prefix: context.layout.prefix,
    siteId,
    facts,
    extras: context.known('extras'),
    usesSystemNode: runtime?.kind === 'system',
  });
  const warnings = findings.flatMap(({ severity, said }) => (severity === 'warn' && said ? [said] : []));
  for (const warning of warnings) report.detail(warning);
  const stop = findings.find(({ severity }) => severity === 'stop');
  if (stop) throw new HalfspreadError(familyCode(stop.code), stop.message, stop.remedy);
  const { distribution, arch, libc, memoryMiB, diskFreeMiB: freeMiB, clockOffsetMs, clockErrorMs: errorMs } = facts;
  const venues = facts.venueConnectMs.map(({ host, ms: tookMs }) => saying('connect', { host, tookMs }));
  return [
    saying(facts.systemd ? 'system' : 'system.noSystemd', { distribution, arch, libc }),
    saying('room', { memoryMiB, freeMiB }),
    saying('clock', { clockOffsetMs, errorMs }),
    ...(venues.length > 0 ? venues : [saying('connect.none')]),
    runtime ? describeRuntime(runtime) : saying('runtime.none', { version: RUNTIME_VERSION }),
    ...warnings,
  ];
});

function familyCode(code: string): `HS_${string}` {
  return code.startsWith('HS_') ? `HS_${code.slice(3)}` : 'HS_INTERNAL';
}
