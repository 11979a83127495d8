import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Finding, Saying, Site } from '../ipc/site-schema.ts';
import { saying } from '../text/saying.ts';
import { agentStatusOf, serviceStateOf } from './agent-calls.ts';
import { packAgent } from './bundle.ts';
import * as commands from './commands.ts';
import type { Connection } from './connect.ts';
import { chooseRuntime, type RuntimeChoice, type SiteLayout } from './layout.ts';
import { connectSite, layoutOfSite, type OperateOptions } from './operate.ts';
import { fine, problem } from './finding.ts';
import { judgeHost, parseFacts } from './preflight.ts';
import { runtimeArch } from './runtime-pins.ts';
import { answers } from './steps/finish.ts';
import { join } from 'node:path';

/**
 * Every check of a deploy again, on a site that is deployed: each finding with what it means, what to do, and a command that
 * mends it where that is safe. It changes nothing and never throws for what it finds.
 * @throws HalfspreadError HS_SITE_UNKNOWN
 */
export async function examineSite(name: string, options: OperateOptions): Promise<Finding[]> {
  const site = options.ports.sites.need(name);
  let connection: Connection;
  try {
    connection = await connectSite(site, options);
  } catch (error) {
    return [unreached(site, error)];
  }
  try {
    const layout = layoutOfSite(site);
    const { user, isSudo } = connection;
    return [
      fine('HS_DOCTOR_LOGIN', saying(isSudo ? 'finding.login.sudo' : 'finding.login', { user })),
      ...(await examineHost(site, layout, connection, options)),
      ...(await examineService(site, layout, connection)),
      await examineReach(site),
    ];
  } catch (error) {
    return [unreached(site, error)];
  } finally {
    await connection.session.close();
  }
}

async function examineHost(
  site: Site,
  layout: SiteLayout,
  { host }: Connection,
  { ports }: OperateOptions,
): Promise<Finding[]> {
  const output = await host.run(commands.facts(layout, ports.endpoints));
  const { facts, extras } = parseFacts(output, await host.clock());
  const usesSystemNode = site.runtime.startsWith('system:');
  const judged = judgeHost({
    request: { name: site.name, prefix: site.prefix, agentPort: site.agent.port, adopt: false },
    prefix: site.prefix,
    siteId: site.id,
    facts,
    extras,
    usesSystemNode,
  });
  const findings: Finding[] =
    judged.length > 0
      ? judged
      : [
          fine(
            'HS_DOCTOR_HOST',
            saying('finding.host', { freeMiB: facts.diskFreeMiB, clockOffsetMs: facts.clockOffsetMs }),
          ),
        ];
  if (!extras.marker) {
    return [
      ...findings,
      bad(
        'HS_DOCTOR_GONE',
        saying('finding.gone', { prefix: site.prefix }),
        saying('finding.gone.do'),
        `halfspread site upgrade ${site.name}`,
      ),
    ];
  }
  findings.push(...(await examineFiles(site, layout, { host }, facts.current, runtimeOf(site, facts.arch), ports)));
  if (extras.marker.state === 'incomplete') {
    findings.push(
      warn(
        'HS_DOCTOR_UNFINISHED',
        saying('finding.unfinished'),
        saying('finding.unfinished.do'),
        `halfspread site upgrade ${site.name}`,
      ),
    );
  }
  const preferred = chooseRuntime(facts, extras.nodePath, layout);
  if (usesSystemNode && preferred?.kind !== 'system') {
    findings.push(
      bad('HS_DOCTOR_NODE', saying('finding.node'), saying('finding.node.do'), `halfspread site upgrade ${site.name}`),
    );
  }
  return findings;
}

async function examineFiles(
  site: Site,
  layout: SiteLayout,
  { host }: Pick<Connection, 'host'>,
  current: string | undefined,
  runtime: RuntimeChoice | undefined,
  ports: OperateOptions['ports'],
): Promise<Finding[]> {
  const upgrade = `halfspread site upgrade ${site.name}`;
  if (current === undefined || runtime === undefined) {
    return [bad('HS_DOCTOR_FILES', saying('finding.noVersion'), saying('finding.noVersion.do'), upgrade)];
  }
  const bundle = await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
  if (current !== bundle.release) {
    return [
      warn(
        'HS_DOCTOR_VERSION',
        saying('finding.version', { there: current, here: bundle.release }),
        saying('finding.version.do'),
        upgrade,
      ),
    ];
  }
  const missing = (await host.run(commands.checkRelease(layout, bundle, runtime, site.id))).all('missing');
  return missing.length === 0
    ? [fine('HS_DOCTOR_FILES', saying('finding.files', { release: current }))]
    : [
        bad(
          'HS_DOCTOR_FILES',
          saying('finding.filesChanged', { what: missing.join(', ') }),
          saying('finding.filesChanged.do'),
          upgrade,
        ),
      ];
}

async function examineService(site: Site, layout: SiteLayout, { host }: Connection): Promise<Finding[]> {
  const findings: Finding[] = [];
  const missing = (await host.run(commands.checkService(layout))).all('missing');
  if (missing.length > 0) {
    findings.push(
      bad(
        'HS_DOCTOR_SERVICE',
        saying('finding.service', { what: missing.join(', ') }),
        saying('finding.service.do'),
        `halfspread site upgrade ${site.name}`,
      ),
    );
  }
  const { state, restarts } = await serviceStateOf(host, layout);
  if (state !== 'running') {
    findings.push(
      bad(
        'HS_DOCTOR_NOT_RUNNING',
        saying('finding.notRunning', { service: state }),
        saying('finding.notRunning.do'),
        `halfspread site start ${site.name}`,
      ),
    );
    return findings;
  }
  try {
    const status = await agentStatusOf(host, layout);
    const wrong = status.agentId !== site.agent.agentId;
    findings.push(
      wrong
        ? problem(
            'stop',
            'HS_DOCTOR_IDENTITY',
            saying('finding.identity'),
            saying('finding.identity.do'),
            'If its state was replaced by you, deploy again with --adopt; otherwise find out by whom.',
          )
        : fine(
            'HS_DOCTOR_AGENT',
            saying('finding.agent', {
              version: status.version,
              trading: status.locked ? 'locked' : status.trading,
              upMs: status.uptimeMs,
            }),
          ),
    );
    if (status.locked) findings.push(warn('HS_DOCTOR_LOCKED', saying('finding.locked'), saying('finding.locked.do')));
  } catch (error) {
    findings.push(
      bad(
        'HS_DOCTOR_SILENT',
        saying('finding.silent', { why: errorMessage(error) }),
        saying('finding.silent.do'),
        `halfspread site restart ${site.name} --override`,
      ),
    );
  }
  if (restarts !== undefined && restarts > 0) {
    findings.push(
      warn(
        'HS_DOCTOR_RESTARTS',
        saying('finding.restarts', { count: restarts }),
        saying('finding.restarts.do'),
        `halfspread site logs ${site.name}`,
      ),
    );
  }
  return findings;
}

async function examineReach(site: Site): Promise<Finding> {
  const { port } = site.agent;
  return (await answers(site.host, port))
    ? fine('HS_DOCTOR_REACH', saying('finding.reach', { port }))
    : bad(
        'HS_DOCTOR_REACH',
        saying('finding.noReach', { port, host: site.host }),
        saying('finding.noReach.do', { port }),
      );
}

function runtimeOf(site: Site, machine: string): RuntimeChoice | undefined {
  if (site.runtime.startsWith('system:'))
    return { kind: 'system', path: site.runtime.slice('system:'.length), version: '' };
  const arch = runtimeArch(machine);
  return arch === undefined ? undefined : { kind: 'pinned', arch };
}

function unreached(site: Site, error: unknown): Finding {
  const known = error instanceof HalfspreadError;
  return {
    code: known ? error.code : 'HS_INTERNAL',
    severity: 'stop',
    message: `${site.host}: ${errorMessage(error)}`,
    remedy: known ? error.remedy : 'Report this as a bug.',
  };
}

function warn(code: string, said: Saying, remedy: Saying, fix?: string): Finding {
  return { ...problem('warn', code, said, remedy), fix };
}

function bad(code: string, said: Saying, remedy: Saying, fix?: string): Finding {
  return { ...problem('stop', code, said, remedy), fix };
}
