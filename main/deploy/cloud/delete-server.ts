import { HalfspreadError, toWireError } from '../../../engine/protocol/errors.ts';
import { demandFlat } from '../agent-calls.ts';
import { closeUnfinished } from '../deploy.ts';
import { connectSite, layoutOfSite } from '../operate.ts';
import { siteSecretName, type DeployPorts } from '../ports.ts';
import type { CloudResource } from '../providers/provider.ts';
import { lockSite } from '../site-lock.ts';
import { stepReporter, type CloudPorts, type CloudRun } from './cloud-deploy.ts';
import { destroyServer } from './make-server.ts';
import { noSuchServer, type CloudServerRecord } from './server-record.ts';
import type { Saying } from '../../ipc/site-schema.ts';
import { inEnglish, saying, sayingAsItIs } from '../../text/saying.ts';
import { goneOf, type Gone } from '../told.ts';
import { PROVIDER_TITLES } from './credentials.ts';

/**
 * Deletes the server of a site with everything that was made for it, looks again, and only then forgets the site here.
 * @param override delete it although its agent is not flat, or nobody can ask it
 * @returns what is gone
 * @throws HalfspreadError HS_CLOUD_NO_SERVER, HS_CLOUD_LEFT, HS_SITE_NOT_FLAT, HS_SITE_SILENT, HS_CLOUD_...
 */
export async function deleteServer(
  site: string,
  override: boolean,
  ports: { deploy: DeployPorts; cloud: CloudPorts },
  run: CloudRun,
): Promise<Gone> {
  const { deploy, cloud } = ports;
  const record = recordOf(site, ports);
  if (!record) throw noSuchServer(site);
  const steps = stepReporter(run.emit);
  const unlock = await lockSite(deploy.folder, site);
  try {
    const gone: Saying[] = [];
    steps.report('deleteFlat', 'running');
    steps.report('deleteFlat', 'done', await checkFlat(site, override, deploy, run.signal));

    steps.report('deleteServer', 'running', sayingAsItIs(`${PROVIDER_TITLES[record.provider]} ${record.region}`));
    if (record.state !== 'gone') {
      const provider = await cloud.provider(record.provider);
      const { deleted, left } = await destroyServer(site, { provider, servers: cloud.servers }, run.signal);
      gone.push(...deleted.map(describe));
      if (left.length > 0) throw leftOver(provider.title, left);
    }
    steps.report('deleteServer', 'done', ...(gone.length > 0 ? gone : [saying('delete.nothing')]));

    steps.report('deleteTraces', 'running');
    gone.push(...(await forgetSite(site, record, ports)));
    steps.report('deleteTraces', 'done');
    return goneOf(gone);
  } catch (error) {
    steps.fail(toWireError(error));
    throw error;
  } finally {
    await unlock();
  }
}

/** Also one that is gone where a crash came before its site was forgotten. */
function recordOf(site: string, { deploy, cloud }: { deploy: DeployPorts; cloud: CloudPorts }) {
  const serverId = deploy.sites.get(site)?.provider?.serverId;
  return (
    cloud.servers.ofSite(site) ??
    cloud.servers.list().findLast((one) => one.site === site && serverId !== undefined && one.serverId === serverId)
  );
}

async function checkFlat(site: string, override: boolean, ports: DeployPorts, signal: AbortSignal): Promise<Saying> {
  const known = ports.sites.get(site);
  if (!known) return saying('delete.noAgent');
  if (override) return saying('delete.notAsked');
  try {
    const connection = await connectSite(known, { ports, signal });
    try {
      await demandFlat(connection.host, layoutOfSite(known), 'delete its server', false);
      return saying('delete.flat');
    } finally {
      await connection.session.close();
    }
  } catch (cause) {
    if (!(cause instanceof HalfspreadError) || !cause.code.startsWith('HS_SSH')) throw cause;
    throw new HalfspreadError(
      'HS_SITE_SILENT',
      `The server cannot be reached (${cause.message}), so nobody knows whether its agent holds a position. It was not deleted.`,
      'Look at the venues’ own pages; if nothing is open, delete it anyway.',
      { cause },
    );
  }
}

async function forgetSite(
  site: string,
  record: CloudServerRecord,
  { deploy, cloud }: { deploy: DeployPorts; cloud: CloudPorts },
): Promise<Saying[]> {
  const gone: Saying[] = [];
  if (deploy.sites.get(site)) {
    await deploy.sites.remove(site);
    gone.push(saying('gone.site', { site }));
  }
  await closeUnfinished(deploy.folder, site, deploy.nowMs);
  if (record.ipv4 !== undefined && (await deploy.knownHosts.forget({ host: record.ipv4, port: cloud.sshPort ?? 22 }))) {
    gone.push(saying('gone.hostKey', { address: record.ipv4 }));
  }
  if (await cloud.keys.drop(record.deployId)) gone.push(saying('gone.keysHere'));
  for (const kind of ['password', 'sudoPassword', 'passphrase'] as const) {
    await deploy.secrets.delete(siteSecretName(site, kind));
  }
  return gone;
}

function describe({ kind, name }: CloudResource): Saying {
  return saying(`gone.${kind}`, { name });
}

function leftOver(title: string, left: CloudResource[]): HalfspreadError {
  const names = (resources: CloudResource[]) => resources.map((one) => inEnglish([describe(one)])).join(', ');
  const costly = left.filter(({ costs }) => costs);
  return new HalfspreadError(
    'HS_CLOUD_LEFT',
    `Not everything is gone at ${title}: ${names(left)}.${costly.length > 0 ? ` These cost until they are deleted: ${names(costly)}.` : ''}`,
    `Try again in a minute; if it stays, delete it in the console of ${title}.`,
  );
}
