import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { Saying, Site, SiteStatus } from '../ipc/site-schema.ts';
import { agentStatusOf, demandFlat, serviceStateOf, waitHealthy } from './agent-calls.ts';
import * as commands from './commands.ts';
import { checkCredentials, connectHost, readLoginSecrets, type Connection } from './connect.ts';
import type { Host } from './host.ts';
import { stagingOf, type SiteLayout } from './layout.ts';
import type { DeployPorts } from './ports.ts';
import { redactLine } from './redact.ts';
import { targetOf } from './request.ts';
import { lockSite } from './site-lock.ts';
import { versionOf } from './steps/running.ts';
import { AGENT_USER, UNIT_FILE } from './unit.ts';
import { saying } from '../text/saying.ts';
import { goneOf, type Gone } from './told.ts';

export interface OperateOptions {
  ports: DeployPorts;
  signal: AbortSignal;
  /** Go on although the agent is not flat, or does not answer. */
  override?: boolean;
  say?: (said: Saying) => void;
}

/** Where everything of a deployed site is. */
export function layoutOfSite(site: Site): SiteLayout {
  const systemd = site.service === 'systemd';
  return {
    prefix: site.prefix,
    service: site.service,
    agentUser: site.ownUser ? AGENT_USER : undefined,
    unitFile: systemd ? UNIT_FILE : undefined,
    agentPort: site.agent.port,
  };
}

/** Logs in to a site; ssh insists on the host key that was verified. */
export async function connectSite(site: Site, { ports, signal }: OperateOptions): Promise<Connection> {
  const target = targetOf(site);
  await checkCredentials(target, signal);
  return connectHost({
    target,
    knownHostsFile: ports.knownHosts.file,
    secrets: await readLoginSecrets(ports.secrets, site.name),
    needsRoot: site.ownUser,
    agentUser: site.ownUser ? AGENT_USER : undefined,
    signal,
  });
}

/** Runs `work` on a site, with nothing else of this program working on it. @throws HalfspreadError HS_SITE_UNKNOWN, ... */
async function onSite<Result>(
  name: string,
  options: OperateOptions,
  work: (host: Host, layout: SiteLayout, site: Site, connection: Connection) => Promise<Result>,
): Promise<Result> {
  const site = options.ports.sites.need(name);
  const unlock = await lockSite(options.ports.folder, name);
  try {
    const connection = await connectSite(site, options);
    try {
      return await work(connection.host, layoutOfSite(site), site, connection);
    } finally {
      await connection.session.close();
    }
  } finally {
    await unlock();
  }
}

/** Service, releases, and what the agent says of itself. Looks only, so it does not wait for a deploy that runs. */
export async function siteStatus(name: string, options: OperateOptions): Promise<SiteStatus> {
  const site = options.ports.sites.need(name);
  const connection = await connectSite(site, options);
  try {
    const { host } = connection;
    const layout = layoutOfSite(site);
    const { state } = await serviceStateOf(host, layout);
    const there = await host.run(commands.releases(layout));
    const status: SiteStatus = {
      name,
      service: state,
      current: there.get('current'),
      previous: there.get('previous'),
      releases: there.all('release'),
    };
    try {
      return { ...status, agent: await agentStatusOf(host, layout) };
    } catch (error) {
      if (!(error instanceof HalfspreadError) || error.code.startsWith('HS_SSH')) throw error;
      return { ...status, error: toWireError(error) };
    }
  } finally {
    await connection.session.close();
  }
}

/** @returns whether it had to be started */
export function startSite(name: string, options: OperateOptions): Promise<{ changed: boolean }> {
  return onSite(name, options, async (host, layout, site) => {
    const { state } = await serviceStateOf(host, layout);
    if (state === 'running') return { changed: false };
    options.say?.(saying('act.starting'));
    await host.run(commands.startService(layout));
    await waitHealthy(host, layout, site.version, { timeoutMs: options.ports.healthTimeoutMs, signal: options.signal });
    return { changed: true };
  });
}

/** @throws HalfspreadError HS_SITE_NOT_FLAT, HS_SITE_SILENT */
export function stopSite(name: string, options: OperateOptions): Promise<{ changed: boolean }> {
  return onSite(name, options, async (host, layout) => {
    const { state } = await serviceStateOf(host, layout);
    if (state === 'stopped' || state === 'absent') return { changed: false };
    await demandFlat(host, layout, 'stop it', options.override ?? false);
    options.say?.(saying('act.stopping'));
    await host.run(commands.stopService(layout));
    return { changed: true };
  });
}

/** @throws HalfspreadError HS_SITE_NOT_FLAT, HS_SITE_SILENT, HS_DEPLOY_HEALTH */
export function restartSite(name: string, options: OperateOptions): Promise<{ changed: boolean }> {
  return onSite(name, options, async (host, layout, site) => {
    await demandFlat(host, layout, 'restart it', options.override ?? false);
    options.say?.(saying('act.stopping'));
    await host.run(commands.stopService(layout));
    options.say?.(saying('act.startingAgain'));
    await host.run(commands.startService(layout));
    await waitHealthy(host, layout, site.version, { timeoutMs: options.ports.healthTimeoutMs, signal: options.signal });
    return { changed: true };
  });
}

/**
 * Back to the version before; when that one does not answer either, the one that was left is put back.
 * @returns the release that runs now
 * @throws HalfspreadError HS_DEPLOY_NO_PREVIOUS, HS_SITE_NOT_FLAT, HS_DEPLOY_HEALTH
 */
export function rollbackSite(name: string, options: OperateOptions): Promise<{ release: string }> {
  const { ports, signal, say, override = false } = options;
  return onSite(name, options, async (host, layout, site) => {
    const there = await host.run(commands.releases(layout));
    const leave = there.get('current') ?? '';
    if (there.get('previous') === undefined) {
      throw new HalfspreadError(
        'HS_DEPLOY_NO_PREVIOUS',
        `There is no earlier version on "${name}" to go back to.`,
        'Upgrade it to the version you want.',
      );
    }
    await demandFlat(host, layout, 'switch to the version before', override);
    await host.run(commands.stopService(layout));
    const release = (await host.run(commands.switchBack(layout, leave))).get('current') ?? '';
    say?.(saying('switch.fromTo', { from: leave, to: release }));
    await host.run(commands.startService(layout));
    try {
      await waitHealthy(host, layout, versionOf(release), { timeoutMs: ports.healthTimeoutMs, signal });
    } catch (error) {
      say?.(saying('act.backTo', { release, back: leave }));
      await host.run(commands.stopService(layout));
      await host.run(commands.switchBack(layout, release));
      await host.run(commands.startService(layout));
      throw error;
    }
    await ports.sites.put({ ...site, release, version: versionOf(release), deployedAt: ports.nowMs() });
    return { release };
  });
}

/**
 * Removes everything of a site and proves it: files, user, unit, port, processes; then the site leaves the list.
 * @returns what is gone
 * @throws HalfspreadError HS_SITE_NOT_FLAT, HS_SITE_SILENT, HS_DEPLOY_LEFT
 */
export function uninstallSite(name: string, options: OperateOptions): Promise<Gone> {
  const { ports, say, override = false } = options;
  return onSite(name, options, async (host, layout, site, connection) => {
    await demandFlat(host, layout, 'uninstall it', override);
    say?.(saying('act.stopping'));
    await host.run(commands.stopService(layout));
    const removals = [
      ['service', commands.removeService(layout)],
      ['files', commands.removeFiles(layout)],
      ['user', commands.removeUser(layout)],
      ['staging', commands.dropStaging(stagingOf(layout, connection.home))],
    ] as const;
    for (const [what, removal] of removals) {
      if (!removal) continue;
      say?.(saying(`act.removing.${what}`));
      await host.run(removal);
    }
    say?.(saying('act.proving'));
    await demandGone(host, layout);
    await ports.sites.remove(name);
    const isShared = ports.sites.list().some((other) => other.host === site.host && other.port === site.port);
    if (!isShared) await ports.knownHosts.forget(site);
    return goneOf([
      saying('gone.files', { path: layout.prefix }),
      ...(layout.unitFile === undefined ? [] : [saying('gone.unit', { path: layout.unitFile })]),
      ...(layout.agentUser === undefined ? [] : [saying('gone.user', { user: layout.agentUser })]),
      saying('gone.processes'),
      saying('gone.port', { port: layout.agentPort }),
      saying('gone.site', { site: name }),
    ]);
  });
}

/** @throws HalfspreadError HS_DEPLOY_LEFT naming everything that is still there */
export async function demandGone(host: Host, layout: SiteLayout): Promise<void> {
  const left = (await host.run(commands.proveGone(layout))).all('left');
  if (left.length === 0) return;
  throw new HalfspreadError(
    'HS_DEPLOY_LEFT',
    `Not everything is gone from the server: ${left.join('; ')}.`,
    'Remove what it names by hand; files that are not Halfspread’s are never removed.',
  );
}

/** The last lines of the agent's log, oldest first, redacted. */
export async function siteLog(name: string, lines: number, options: OperateOptions): Promise<string[]> {
  const site = options.ports.sites.need(name);
  const connection = await connectSite(site, options);
  try {
    const { text } = await connection.host.run(commands.serviceLog(layoutOfSite(site), lines, false));
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map(redactLine);
  } finally {
    await connection.session.close();
  }
}

/** Follows the log until the signal ends it; every line redacted. */
export async function followSiteLog(
  name: string,
  lines: number,
  onLine: (line: string) => void,
  options: OperateOptions,
): Promise<void> {
  const site = options.ports.sites.need(name);
  const connection = await connectSite(site, options);
  try {
    await connection.host.run(commands.serviceLog(layoutOfSite(site), lines, true), (line) => {
      if (line !== '') onLine(redactLine(line));
    });
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    await connection.session.close();
  }
}
