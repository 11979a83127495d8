import { join } from 'node:path';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { providerIdSchema, type Price, type ProviderId } from '../../ipc/cloud-schema.ts';
import { cloudRequestSchema, deleteStepIds, deployStepIds, cloudStepIds } from '../../ipc/site-schema.ts';
import { deployToCloud, requestToTakeUp, type CloudPorts } from '../cloud/cloud-deploy.ts';
import { openCloudKeys } from '../cloud/cloud-keys.ts';
import { accessName, openProvider, PROVIDER_TITLES, readAccess, type OpenProvider } from '../cloud/credentials.ts';
import { deleteServer } from '../cloud/delete-server.ts';
import { noSuchServer, openCloudServers } from '../cloud/server-record.ts';
import type { DeployPorts } from '../ports.ts';
import type { CloudProvider } from '../providers/provider.ts';
import { checkSiteName, suggestedName } from '../request.ts';
import { rankRegions } from '../where/outlook.ts';
import { EXIT } from './exit.ts';
import { cliPorts } from './ports.ts';
import { progressPrinter } from './progress.ts';
import { stopOnInterrupt } from './run.ts';
import { askSecret, isTerminal, printJson, say } from './terminal.ts';

/** What the commands about clouds are given beside their options; tests lead them to their own servers. */
export interface CloudCommandPorts {
  openProvider?: OpenProvider;
  deploy?: DeployPorts;
  cloud?: Partial<CloudPorts>;
}

export interface TokenOptions {
  askToken: boolean;
  remember: boolean;
  secretsFile?: string;
  json: boolean;
}

export interface CloudDeployOptions extends TokenOptions {
  cloud: string;
  region?: string;
  plan?: string;
  acceptPrice?: string;
  name?: string;
  agentPort: number;
  source: string[];
  resume: boolean;
  mirror?: string;
  samples?: number;
}

/**
 * `halfspread deploy --cloud PROVIDER`: makes a server and deploys to it. Without a region or a plan it lists what there is,
 * with prices, and makes nothing.
 * @returns the exit code @throws HalfspreadError
 */
export async function cloudDeployCommand(options: CloudDeployOptions, given: CloudCommandPorts = {}): Promise<number> {
  const id = providerOf(options.cloud);
  const { secretsFile, mirror, samples } = options;
  const ports = given.deploy ?? (await cliPorts({ secretsFile, mirror, samples, given: new Map() }));
  const cloud = await openCloud(id, options, ports, given);
  const signal = stopOnInterrupt();
  if (options.resume)
    return carryOut(requestToTakeUp(needRecord(options.name ?? '', cloud)), ports, cloud, options, signal);
  const provider = await cloud.provider(id);
  if (options.region === undefined) return listRegions(provider, options.json, signal);
  if (options.plan === undefined) return listPlans(provider, options.region, options.json, signal);
  const request = cloudRequestSchema.safeParse({
    name: checkSiteName(options.name ?? (await nameFor(provider, options.region, ports, signal))),
    provider: id,
    region: options.region,
    plan: options.plan,
    acceptedPrice: priceOf(options.acceptPrice),
    agentPort: options.agentPort,
    ...(options.source.length > 0 && { sources: options.source }),
  });
  if (request.success) return carryOut(request.data, ports, cloud, options, signal);
  const issue = request.error.issues[0];
  throw new HalfspreadError(
    'HS_DEPLOY_REQUEST',
    `${issue?.path.join('.') ?? 'The request'} is not valid: ${issue?.message ?? ''}; nobody was contacted for it.`,
    'A source looks like 203.0.113.4/32; an agent port is from 1024 to 65535.',
  );
}

export interface DeleteServerOptions extends TokenOptions {
  override: boolean;
}

/** `halfspread site delete-server NAME`. @returns the exit code @throws HalfspreadError */
export async function deleteServerCommand(
  name: string,
  options: DeleteServerOptions,
  given: CloudCommandPorts = {},
): Promise<number> {
  const { secretsFile } = options;
  const ports =
    given.deploy ?? (await cliPorts({ secretsFile, mirror: undefined, samples: undefined, given: new Map() }));
  const servers = given.cloud?.servers ?? (await openCloudServers(join(ports.folder, 'servers.json'), ports.nowMs));
  const record = servers.list().findLast((one) => one.site === checkSiteName(name));
  if (!record) throw noSuchServer(name);
  const cloud = await openCloud(record.provider, options, ports, { ...given, cloud: { ...given.cloud, servers } });
  const printer = progressPrinter(isTerminal() && !options.json, deleteStepIds);
  try {
    const { gone } = await deleteServer(
      name,
      options.override,
      { deploy: ports, cloud },
      { signal: stopOnInterrupt(), emit: (progress) => printer.show(progress) },
    );
    say(gone.length === 0 ? 'Nothing existed any more.' : `Gone: ${gone.join(', ')}.`);
    if (options.json) printJson({ ok: true, gone });
    return EXIT.ok;
  } finally {
    printer.end();
  }
}

async function carryOut(
  request: Parameters<typeof deployToCloud>[0],
  deploy: DeployPorts,
  cloud: CloudPorts,
  { json }: TokenOptions,
  signal: AbortSignal,
): Promise<number> {
  const [desk, ...rest] = deployStepIds;
  const own = cloudStepIds.filter((step) => step !== 'cloudRotate' || request.provider === 'hetzner');
  const printer = progressPrinter(isTerminal() && !json, [desk, ...own, ...rest]);
  try {
    const run = { signal, emit: printer.show };
    const result = await deployToCloud(request, { deploy, cloud }, run);
    const { site } = result;
    const { amount, currency } = request.acceptedPrice;
    say(`"${site.name}" is deployed: ${site.release} on ${site.host}. It is locked until it gets its keys.`);
    say(`It costs ${amount} ${currency} a month until: halfspread site delete-server ${site.name}`);
    if (json) printJson({ ok: true, ...result });
    return EXIT.ok;
  } finally {
    printer.end();
  }
}

/** Access typed for this run comes before what is kept; kept itself only when that was asked for. */
async function openCloud(
  id: ProviderId,
  { askToken, remember }: TokenOptions,
  ports: DeployPorts,
  given: CloudCommandPorts,
): Promise<CloudPorts> {
  const name = accessName(id);
  let secret = askToken ? undefined : await ports.secrets.get(name);
  if (secret === undefined) {
    const read = readAccess(id, await askSecret(`access to ${PROVIDER_TITLES[id]}`));
    if ('refused' in read) {
      throw new HalfspreadError('HS_CLOUD_TOKEN_FORM', read.refused.message, read.refused.remedy);
    }
    secret = read.secret;
    if (remember) await ports.secrets.set(name, secret);
  }
  const access = secret;
  return {
    servers: given.cloud?.servers ?? (await openCloudServers(join(ports.folder, 'servers.json'), ports.nowMs)),
    keys: openCloudKeys(join(ports.folder, 'keys')),
    ...given.cloud,
    provider: (of) => Promise.resolve((given.openProvider ?? openProvider)(of, access)),
  };
}

function needRecord(name: string, { servers }: CloudPorts) {
  const record = servers.ofSite(checkSiteName(name));
  if (record) return record;
  throw noSuchServer(name);
}

async function listRegions(provider: CloudProvider, json: boolean, signal: AbortSignal): Promise<number> {
  const regions = rankRegions(await provider.regions(signal), []);
  if (json) printJson({ regions });
  for (const { id, city, prediction } of json ? [] : regions) {
    const trip = prediction.legs.find(({ roundTrip }) => roundTrip)?.roundTrip;
    const line =
      trip?.kind === 'map'
        ? `to Paradex ${trip.range.low.toFixed(0)} to ${trip.range.high.toFixed(0)} ms (est.)`
        : 'distance unknown';
    process.stdout.write(`${id}  ${city}  ${line}\n`);
  }
  say('The nearest to the venues first. Choose one with --region; nothing was made.');
  return EXIT.badInput;
}

async function listPlans(provider: CloudProvider, region: string, json: boolean, signal: AbortSignal): Promise<number> {
  const plans = await provider.plans(region, signal);
  if (json) printJson({ plans });
  for (const { id, vcpus, ramMib, architecture, monthlyPrice } of json ? [] : plans) {
    process.stdout.write(
      `${id}  ${vcpus} vCPU  ${ramMib} MiB  ${architecture}  ${monthlyPrice.amount}:${monthlyPrice.currency} a month\n`,
    );
  }
  say('Choose one with --plan, and accept its price with --accept-price AMOUNT:CUR; nothing was made.');
  return EXIT.badInput;
}

async function nameFor(
  provider: CloudProvider,
  region: string,
  ports: DeployPorts,
  signal: AbortSignal,
): Promise<string> {
  const city = (await provider.regions(signal)).find(({ id }) => id === region)?.city ?? region;
  const base = suggestedName(city).slice(0, 26);
  for (let count = 1; ; count++) if (!ports.sites.get(`${base}-${count}`)) return `${base}-${count}`;
}

function providerOf(text: string): ProviderId {
  const parsed = providerIdSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new HalfspreadError(
    'HS_DEPLOY_REQUEST',
    `${JSON.stringify(text)} is not a cloud this version knows; nobody was contacted.`,
    `Clouds are: ${providerIdSchema.options.join(', ')}.`,
  );
}

/** "4.75:EUR" */
function priceOf(text: string | undefined): Price {
  const [, amount, currency] = /^(\d+(?:\.\d+)?):([A-Z]{3})$/.exec(text ?? '') ?? [];
  if (amount !== undefined && currency !== undefined) return { amount, currency };
  throw new HalfspreadError(
    'HS_DEPLOY_REQUEST',
    text === undefined
      ? 'No price was accepted, so no server was made.'
      : `${JSON.stringify(text)} is not a price; no server was made.`,
    'Look at the plans (leave --plan away), then accept one: --accept-price 7.00:USD.',
  );
}
