import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import type { Finding, Site } from '../ipc/site-schema.ts';
import { agentStatusOf, serviceStateOf } from './agent-calls.ts';
import { packAgent } from './bundle.ts';
import * as commands from './commands.ts';
import type { Connection } from './connect.ts';
import { chooseRuntime, type RuntimeChoice, type SiteLayout } from './layout.ts';
import { connectSite, layoutOfSite, type OperateOptions } from './operate.ts';
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
    return [
      ok('HS_DOCTOR_LOGIN', `Login as ${connection.description}; the host key is the verified one.`),
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
          ok(
            'HS_DOCTOR_HOST',
            `System, disk (${facts.diskFreeMiB} MiB free), memory and clock (${facts.clockOffsetMs} ms) are fine.`,
          ),
        ];
  if (!extras.marker) {
    return [
      ...findings,
      bad(
        'HS_DOCTOR_GONE',
        `Nothing of the site is in ${site.prefix} any more.`,
        'Deploy it again.',
        `halfspread site upgrade ${site.name}`,
      ),
    ];
  }
  findings.push(...(await examineFiles(site, layout, { host }, facts.current, runtimeOf(site, facts.arch), ports)));
  if (extras.marker.state === 'incomplete') {
    findings.push(
      warn(
        'HS_DOCTOR_UNFINISHED',
        'A deploy or upgrade of this site did not come to its end.',
        'Finish it.',
        `halfspread site upgrade ${site.name}`,
      ),
    );
  }
  const preferred = chooseRuntime(facts, extras.nodePath, layout);
  if (usesSystemNode && preferred?.kind !== 'system') {
    findings.push(
      bad(
        'HS_DOCTOR_NODE',
        'The system’s Node, which the agent runs on, is gone or too old.',
        'Upgrade the site: it gets a Node of its own.',
        `halfspread site upgrade ${site.name}`,
      ),
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
    return [bad('HS_DOCTOR_FILES', 'No version is in use on the server.', 'Upgrade the site.', upgrade)];
  }
  const bundle = await packAgent(ports.agentFolder, ports.version, join(ports.folder, 'packed'));
  if (current !== bundle.release) {
    return [
      warn(
        'HS_DOCTOR_VERSION',
        `The server runs ${current}, this machine has ${bundle.release}.`,
        'Upgrade the site when it is flat.',
        upgrade,
      ),
    ];
  }
  const missing = (await host.run(commands.checkRelease(layout, bundle, runtime, site.id))).all('missing');
  return missing.length === 0
    ? [ok('HS_DOCTOR_FILES', `Every file of ${current} is as it was sent.`)]
    : [
        bad(
          'HS_DOCTOR_FILES',
          `Files on the server are not as they were sent: ${missing.join(', ')}.`,
          'Upgrade the site: they are sent again. If you did not change them, find out who did.',
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
        `The service is not as it was written: ${missing.join(', ')}.`,
        'Upgrade the site: it is written again.',
        `halfspread site upgrade ${site.name}`,
      ),
    );
  }
  const { state, restarts } = await serviceStateOf(host, layout);
  if (state !== 'running') {
    findings.push(
      bad(
        'HS_DOCTOR_NOT_RUNNING',
        `The agent is ${state}.`,
        'Read its log, then start it.',
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
        ? bad(
            'HS_DOCTOR_IDENTITY',
            'The agent has another identity than the one this machine insists on.',
            'If its state was replaced by you, deploy again with --adopt; otherwise find out by whom.',
          )
        : ok(
            'HS_DOCTOR_AGENT',
            `The agent answers: version ${status.version}, ${status.locked ? 'locked' : status.trading}, up ${Math.round(status.uptimeMs / 1000)} s.`,
          ),
    );
    if (status.locked)
      findings.push(
        warn(
          'HS_DOCTOR_LOCKED',
          'The agent is locked: it has no keys and cannot trade.',
          'Unlock it from the desktop; a running desktop does so by itself.',
        ),
      );
  } catch (error) {
    findings.push(
      bad(
        'HS_DOCTOR_SILENT',
        `The agent runs but does not answer: ${errorMessage(error)}`,
        'Read its log; restart it when you know that nothing is open.',
        `halfspread site restart ${site.name} --override`,
      ),
    );
  }
  if (restarts !== undefined && restarts > 0) {
    findings.push(
      warn(
        'HS_DOCTOR_RESTARTS',
        `The agent was restarted ${restarts} times since it was last started by hand.`,
        'Read its log.',
        `halfspread site logs ${site.name}`,
      ),
    );
  }
  return findings;
}

async function examineReach(site: Site): Promise<Finding> {
  return (await answers(site.host, site.agent.port))
    ? ok('HS_DOCTOR_REACH', `Port ${site.agent.port} answers from here.`)
    : bad(
        'HS_DOCTOR_REACH',
        `Port ${site.agent.port} of ${site.host} does not answer from here.`,
        'Open it for this machine in the server’s and the provider’s firewall (ufw allow from YOUR-ADDRESS to any port ' +
          `${site.agent.port} proto tcp).`,
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
  return bad(
    known ? error.code : 'HS_INTERNAL',
    `${site.host}: ${errorMessage(error)}`,
    known ? error.remedy : 'Report this as a bug.',
  );
}

function ok(code: string, message: string): Finding {
  return { code, severity: 'ok', message, remedy: '' };
}

function warn(code: string, message: string, remedy: string, fix?: string): Finding {
  return { code, severity: 'warn', message, remedy, fix };
}

function bad(code: string, message: string, remedy: string, fix?: string): Finding {
  return { code, severity: 'stop', message, remedy, fix };
}
