import { homedir } from 'node:os';
import { join } from 'node:path';
import { userFolders } from '../../../engine/protocol/folders.ts';
import type { Finding, SiteStatus } from '../../ipc/site-schema.ts';
import { deploy, listUnfinished, requestOf } from '../deploy.ts';
import { openCloudServers } from '../cloud/server-record.ts';
import { examineSite } from '../doctor.ts';
import {
  followSiteLog,
  restartSite,
  rollbackSite,
  siteLog,
  siteStatus,
  startSite,
  stopSite,
  uninstallSite,
  type OperateOptions,
} from '../operate.ts';
import { checkSiteName } from '../request.ts';
import { openSites } from '../sites.ts';
import { EXIT } from './exit.ts';
import { cliPorts } from './ports.ts';
import { progressPrinter } from './progress.ts';
import { askLoginSecrets, rememberSecrets, stopOnInterrupt, type LoginOptions } from './run.ts';
import { isTerminal, printJson, say } from './terminal.ts';
import { inEnglish } from '../../text/saying.ts';

export interface SiteCommandOptions extends LoginOptions {
  override: boolean;
}

export interface LogsCommandOptions extends LoginOptions {
  lines: number;
  follow: boolean;
}

type Verb = 'status' | 'doctor' | 'start' | 'stop' | 'restart' | 'upgrade' | 'rollback' | 'uninstall';

/** `halfspread site list` */
export async function listCommand({ json }: { json: boolean }): Promise<number> {
  const folders = userFolders(process.platform, process.env, homedir());
  const sites = (await openSites(join(folders.config, 'sites.json'), Date.now)).list();
  const unfinished = await listUnfinished(join(folders.data, 'deploy'));
  const servers = await openCloudServers(join(folders.data, 'deploy', 'servers.json'), Date.now);
  const cloudServers = servers.list().filter(({ state }) => state !== 'gone');
  if (json) {
    printJson({ sites, unfinished, cloudServers });
    return EXIT.ok;
  }
  if (sites.length + unfinished.length + cloudServers.length === 0) say('No site yet: halfspread deploy HOST.');
  for (const { name, host, user, release, service, agent } of sites) {
    process.stdout.write(`${name}  ${user}@${host}  ${release}  ${service}  agent port ${agent.port}\n`);
  }
  for (const { site, host, kind, lastStep } of unfinished) {
    process.stdout.write(`${site}  ${host}  ${kind} unfinished at "${lastStep ?? 'start'}": --resume or --cancel\n`);
  }
  for (const { site, provider, region, plan, price, state } of cloudServers) {
    const exists = state === 'exists' ? 'exists' : 'may exist';
    process.stdout.write(
      `${site}  ${provider} ${region} ${plan}  ${exists} and costs ${price.amount} ${price.currency} a month: halfspread site delete-server ${site}\n`,
    );
  }
  return EXIT.ok;
}

/** `halfspread site VERB NAME`. @returns the exit code @throws HalfspreadError */
export async function siteCommand(verb: Verb, name: string, options: SiteCommandOptions): Promise<number> {
  const operate = await prepare(name, options);
  switch (verb) {
    case 'status':
      return printStatus(await siteStatus(name, operate), options.json);
    case 'doctor':
      return printFindings(await examineSite(name, operate), options.json);
    case 'start':
      return tell(options.json, await startSite(name, operate), 'The agent runs.', 'It was running already.');
    case 'stop':
      return tell(options.json, await stopSite(name, operate), 'The agent is stopped.', 'It was stopped already.');
    case 'restart':
      return tell(
        options.json,
        await restartSite(name, operate),
        'The agent was restarted; it is locked until it gets its keys.',
        '',
      );
    case 'upgrade':
      return upgrade(name, operate, options.json);
    case 'rollback': {
      const { release } = await rollbackSite(name, operate);
      return tell(options.json, { changed: true, release }, `${release} runs.`, '');
    }
    case 'uninstall': {
      const { gone } = await uninstallSite(name, operate);
      return tell(options.json, { changed: true, gone }, `Gone: ${gone.join(', ')}.`, '');
    }
  }
}

/** `halfspread site logs NAME` */
export async function logsCommand(name: string, options: LogsCommandOptions): Promise<number> {
  const operate = await prepare(name, { ...options, override: false });
  if (options.follow) {
    await followSiteLog(name, options.lines, (line) => process.stdout.write(`${line}\n`), operate);
    return EXIT.ok;
  }
  const lines = await siteLog(name, options.lines, operate);
  if (options.json) printJson({ lines });
  else for (const line of lines) process.stdout.write(`${line}\n`);
  return EXIT.ok;
}

async function prepare(name: string, options: SiteCommandOptions): Promise<OperateOptions> {
  const given = await askLoginSecrets(checkSiteName(name), options);
  const ports = await cliPorts({ secretsFile: options.secretsFile, mirror: undefined, samples: undefined, given });
  ports.sites.need(name);
  if (options.remember) await rememberSecrets(ports, given);
  return { ports, signal: stopOnInterrupt(), override: options.override, say: (said) => say(`  ${inEnglish([said])}`) };
}

async function upgrade(name: string, operate: OperateOptions, json: boolean): Promise<number> {
  const printer = progressPrinter(isTerminal() && !json);
  try {
    const result = await deploy(requestOf(operate.ports.sites.need(name)), 'upgrade', {
      ports: operate.ports,
      signal: operate.signal,
      emit: (progress) => printer.show(progress),
      override: operate.override ?? false,
    });
    printer.end();
    const { changed, site } = result;
    say(
      changed.length === 0 ? `Nothing to change: "${name}" runs ${site.release}.` : `"${name}" runs ${site.release}.`,
    );
    if (json) printJson({ ok: true, ...result });
    return EXIT.ok;
  } finally {
    printer.end();
  }
}

function tell<Result extends { changed: boolean }>(
  json: boolean,
  result: Result,
  done: string,
  already: string,
): number {
  say(result.changed ? done : already);
  if (json) printJson({ ok: true, ...result });
  return EXIT.ok;
}

function printStatus(status: SiteStatus, json: boolean): number {
  const { name, service, current, releases, agent, error } = status;
  if (json) printJson(status);
  else {
    process.stdout.write(
      `${name}: service ${service}, version ${current ?? 'none'} of ${releases.join(', ') || 'none'}\n`,
    );
    if (agent) {
      const { version, locked, trading, flat, uptimeMs, sessions, rssBytes } = agent;
      process.stdout.write(
        `  agent ${version}, ${locked ? 'locked' : trading}, ${flat ? 'flat' : 'not flat'}, up ${Math.round(uptimeMs / 1000)} s, ${sessions} sessions, ${(rssBytes / 1e6).toFixed(0)} MB\n`,
      );
    }
    if (error) process.stdout.write(`  ${error.message}\n`);
  }
  return agent ? EXIT.ok : EXIT.notRunning;
}

function printFindings(findings: Finding[], json: boolean): number {
  if (json) printJson({ findings });
  else {
    for (const { severity, code, message, remedy, fix } of findings) {
      process.stdout.write(
        `${{ ok: 'ok     ', warn: 'WARNING', stop: 'FAULT  ' }[severity]} ${message}${severity === 'ok' ? '' : ` (${code})`}\n`,
      );
      if (severity !== 'ok')
        process.stdout.write(`        What to do: ${remedy}${fix === undefined ? '' : `  ${fix}`}\n`);
    }
  }
  return findings.some(({ severity }) => severity === 'stop') ? EXIT.failed : EXIT.ok;
}
