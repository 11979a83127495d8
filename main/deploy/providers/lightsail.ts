import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import { callCloud, cloudErrors, unreadable, waitAskedMs, type CloudAnswer } from './cloud-http.ts';
import {
  resourceName,
  type CloudPlan,
  type CloudProvider,
  type CloudRegion,
  type CloudResource,
  type CloudServer,
} from './provider.ts';

export interface LightsailOptions {
  accessKeyId: string;
  secretAccessKey: string;
  /** For tests: a local server; default each region's public endpoint. */
  endpointOf?: (region: string) => string;
  nowMs?: () => number;
}

const TITLE = 'Lightsail';
const VERSION_PREFIX = 'Lightsail_20161128';
/** Any region answers GetRegions. */
const HOME_REGION = 'us-east-1';
const BLUEPRINT_PREFIX = 'ubuntu_24_04';
/** Actions that only read: safe to send again without an answer. */
const READS = new Set([
  'GetRegions',
  'GetBundles',
  'GetBlueprints',
  'GetInstance',
  'GetInstances',
  'GetInstanceAccessDetails',
  'GetKeyPairs',
  'GetStaticIps',
]);

/** GetRegions gives no coordinates; cities of the AWS regions that Lightsail has. */
const COORDINATES: Record<string, [latitude: number, longitude: number]> = {
  'ap-northeast-1': [35.68, 139.77],
  'ap-northeast-2': [37.57, 126.98],
  'ap-southeast-1': [1.35, 103.82],
  'ap-southeast-2': [-33.87, 151.21],
  'ap-south-1': [19.08, 72.88],
  'eu-central-1': [50.11, 8.68],
  'eu-west-1': [53.35, -6.26],
  'eu-west-2': [51.51, -0.13],
  'eu-west-3': [48.86, 2.35],
  'eu-north-1': [59.33, 18.07],
  'us-east-1': [38.95, -77.45],
  'us-east-2': [39.96, -83],
  'us-west-2': [45.84, -119.7],
  'ca-central-1': [45.5, -73.57],
};

const regionsBody = z.object({
  regions: z.array(
    z.object({
      name: z.string(),
      displayName: z.string(),
      continentCode: z.string().optional(),
      availabilityZones: z.array(z.object({ zoneName: z.string(), state: z.string() })).optional(),
    }),
  ),
});
const bundlesBody = z.object({
  bundles: z.array(
    z.object({
      bundleId: z.string(),
      price: z.number(),
      ramSizeInGb: z.number(),
      cpuCount: z.number(),
      diskSizeInGb: z.number(),
      isActive: z.boolean(),
      supportedPlatforms: z.array(z.string()),
      publicIpv4AddressCount: z.number().optional(),
    }),
  ),
});
const blueprintsBody = z.object({
  blueprints: z.array(z.object({ blueprintId: z.string(), isActive: z.boolean(), platform: z.string().optional() })),
});
const instance = z.object({
  name: z.string(),
  state: z.object({ name: z.string() }),
  publicIpAddress: z.string().optional(),
  tags: z.array(z.object({ key: z.string(), value: z.string().optional() })).optional(),
});
const keyPairs = z.object({ keyPairs: z.array(z.object({ name: z.string() })) });
const staticIps = z.object({
  staticIps: z.array(z.object({ name: z.string(), ipAddress: z.string(), attachedTo: z.string().optional() })),
});
const accessDetails = z.object({
  accessDetails: z.object({
    hostKeys: z
      .array(z.object({ algorithm: z.string().optional(), fingerprintSHA256: z.string().optional() }))
      .optional(),
  }),
});
const awsError = z.object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() });

/**
 * AWS Lightsail. Names are unique per region and made of the deployment's id: that is how a crash is taken up. The
 * address stays over a stop and start because a static IP is attached. Not run against the live API.
 */
export function createLightsail(options: LightsailOptions): CloudProvider {
  const { accessKeyId, secretAccessKey, nowMs = Date.now } = options;
  const endpointOf = options.endpointOf ?? ((region: string) => `https://lightsail.${region}.amazonaws.com/`);

  async function act<Value>(
    region: string,
    action: string,
    input: object,
    schema: z.ZodType<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    const body = JSON.stringify(input);
    const url = endpointOf(region);
    const signer = new AwsV4Signer({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${VERSION_PREFIX}.${action}` },
      body,
      accessKeyId,
      secretAccessKey,
      service: 'lightsail',
      region,
      // JSON's content type belongs to what is signed.
      allHeaders: true,
    });
    const signed = await signer.sign();
    const answer = await callCloud({
      title: TITLE,
      method: 'POST',
      repeatable: READS.has(action),
      url,
      headers: Object.fromEntries(signed.headers),
      body,
      signal,
    });
    if (answer.status >= 400) throw refusal(answer, nowMs());
    const parsed = schema.safeParse(answer.body ?? {});
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    throw unreadable(TITLE, `${action}: ${issue.path.join('.')} ${issue.message}`);
  }

  /** The same, where "there is none" is an answer. */
  async function maybe<Value>(call: Promise<Value>): Promise<Value | undefined> {
    try {
      return await call;
    } catch (error) {
      if (awsType(error) === 'NotFoundException') return undefined;
      throw error;
    }
  }

  const done = z.object({ operations: z.array(z.unknown()).optional(), operation: z.unknown().optional() });

  const instanceNamed = (region: string, name: string, signal?: AbortSignal) =>
    maybe(act(region, 'GetInstance', { instanceName: name }, z.object({ instance }), signal));

  async function find(deployId: string, region: string, signal?: AbortSignal): Promise<CloudResource[]> {
    const name = resourceName(deployId);
    const [server, keys, addresses] = await Promise.all([
      instanceNamed(region, name, signal),
      act(region, 'GetKeyPairs', {}, keyPairs, signal),
      act(region, 'GetStaticIps', {}, staticIps, signal),
    ]);
    const found: CloudResource[] = [];
    if (server) found.push({ kind: 'server', id: name, name, costs: true });
    // An address that is attached to a server is free; one without a server is billed by the hour.
    if (addresses.staticIps.some((one) => one.name === name))
      found.push({ kind: 'staticIp', id: name, name, costs: true });
    if (keys.keyPairs.some((one) => one.name === name)) found.push({ kind: 'sshKey', id: name, name, costs: false });
    return found;
  }

  async function blueprintIn(region: string, signal?: AbortSignal): Promise<string> {
    const { blueprints } = await act(region, 'GetBlueprints', {}, blueprintsBody, signal);
    const active = blueprints.find((one) => one.isActive && one.blueprintId.startsWith(BLUEPRINT_PREFIX));
    if (active) return active.blueprintId;
    throw cloudErrors.refused(TITLE, `no active image ${BLUEPRINT_PREFIX} in ${region}`);
  }

  async function attachAddress(region: string, name: string, signal?: AbortSignal): Promise<void> {
    const { staticIps: all } = await act(region, 'GetStaticIps', {}, staticIps, signal);
    const existing = all.find((one) => one.name === name);
    if (!existing) await act(region, 'AllocateStaticIp', { staticIpName: name }, done, signal);
    if (existing?.attachedTo === name) return;
    await act(region, 'AttachStaticIp', { staticIpName: name, instanceName: name }, done, signal);
  }

  return {
    id: 'lightsail',
    title: TITLE,
    loginUser: 'ubuntu',
    attestsHostKeys: true,
    async verifyToken(signal) {
      await act(HOME_REGION, 'GetRegions', {}, regionsBody, signal);
      return { label: `access key ${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`, problems: [] };
    },
    async regions(signal) {
      const body = await act(HOME_REGION, 'GetRegions', { includeAvailabilityZones: true }, regionsBody, signal);
      return body.regions.map(({ name, displayName, continentCode }): CloudRegion => {
        const place = COORDINATES[name];
        return {
          id: name,
          city: displayName,
          country: continentCode ?? '',
          ...(place && { latitude: place[0], longitude: place[1] }),
        };
      });
    },
    async plans(region, signal) {
      const { bundles } = await act(region, 'GetBundles', {}, bundlesBody, signal);
      return bundles
        .filter(
          (one) => one.isActive && one.supportedPlatforms.includes('LINUX_UNIX') && one.publicIpv4AddressCount !== 0,
        )
        .map((one): CloudPlan => ({
          id: one.bundleId,
          vcpus: one.cpuCount,
          ramMib: Math.round(one.ramSizeInGb * 1024),
          diskGib: one.diskSizeInGb,
          architecture: 'x64',
          monthlyPrice: { amount: one.price.toFixed(2), currency: 'USD' },
        }))
        .sort((a, b) => Number(a.monthlyPrice.amount) - Number(b.monthlyPrice.amount));
    },
    find,
    async createServer(spec, signal) {
      const name = resourceName(spec.deployId);
      if (await instanceNamed(spec.region, name, signal)) return { id: name, adopted: true };
      const { keyPairs: keys } = await act(spec.region, 'GetKeyPairs', {}, keyPairs, signal);
      if (!keys.some((one) => one.name === name)) {
        const publicKeyBase64 = spec.sshPublicKey;
        await act(spec.region, 'ImportKeyPair', { keyPairName: name, publicKeyBase64 }, done, signal);
      }
      const zone = await zoneIn(spec.region, act, signal);
      await act(
        spec.region,
        'CreateInstances',
        {
          instanceNames: [name],
          availabilityZone: zone,
          blueprintId: await blueprintIn(spec.region, signal),
          bundleId: spec.plan,
          keyPairName: name,
          tags: [
            { key: 'app', value: 'halfspread' },
            { key: 'deploy', value: spec.deployId },
          ],
          ...(spec.userData !== undefined && { userData: spec.userData }),
        },
        done,
        signal,
      );
      return { id: name, adopted: false };
    },
    async server(id, region, signal) {
      const found = await instanceNamed(region, id, signal);
      if (!found) throw cloudErrors.refused(TITLE, `there is no server ${id} in ${region}`);
      return serverOf(found.instance);
    },
    async setPorts(id, spec, signal) {
      await attachAddress(spec.region, id, signal);
      const portInfos = spec.ports.map(({ port, sources }) => ({
        fromPort: port,
        toPort: port,
        protocol: 'tcp',
        cidrs: sources.filter((source) => !source.includes(':')),
      }));
      await act(spec.region, 'PutInstancePublicPorts', { instanceName: id, portInfos }, done, signal);
    },
    async hostKeys(id, region, signal) {
      const input = { instanceName: id, protocol: 'ssh' };
      const body = await act(region, 'GetInstanceAccessDetails', input, accessDetails, signal);
      return (body.accessDetails.hostKeys ?? []).flatMap(({ algorithm, fingerprintSHA256 }) =>
        algorithm === undefined || fingerprintSHA256 === undefined
          ? []
          : [{ algorithm, fingerprint: withPrefix(fingerprintSHA256) }],
      );
    },
    async destroy(deployId, region, signal) {
      const before = await find(deployId, region, signal);
      const name = resourceName(deployId);
      const has = (kind: CloudResource['kind']): boolean => before.some((one) => one.kind === kind);
      if (has('server')) await maybe(act(region, 'DeleteInstance', { instanceName: name }, done, signal));
      if (has('staticIp')) await maybe(act(region, 'ReleaseStaticIp', { staticIpName: name }, done, signal));
      if (has('sshKey')) await maybe(act(region, 'DeleteKeyPair', { keyPairName: name }, done, signal));
      const left = await waitGone(() => find(deployId, region, signal));
      return { deleted: before.filter((one) => !left.some(({ kind }) => kind === one.kind)), left };
    },
  };
}

type Act = <Value>(
  region: string,
  action: string,
  input: object,
  schema: z.ZodType<Value>,
  signal?: AbortSignal,
) => Promise<Value>;

/** The first zone that takes servers: a Lightsail server is placed in a zone, not in a region. */
async function zoneIn(region: string, act: Act, signal?: AbortSignal): Promise<string> {
  const { regions } = await act(region, 'GetRegions', { includeAvailabilityZones: true }, regionsBody, signal);
  const zones = regions.find(({ name }) => name === region)?.availabilityZones ?? [];
  const open = zones.find(({ state }) => state === 'available');
  if (open) return open.zoneName;
  throw cloudErrors.regionFull(TITLE, `no zone of ${region} is available`);
}

const GONE_TRIES = 10;
const GONE_WAIT_MS = 1_000;

/** Lightsail deletes in the background: what still answers after a while is really left. */
async function waitGone(find: () => Promise<CloudResource[]>): Promise<CloudResource[]> {
  for (let attempt = 1; ; attempt++) {
    const left = await find();
    if (left.length === 0 || attempt >= GONE_TRIES) return left;
    await new Promise((resolve) => setTimeout(resolve, GONE_WAIT_MS));
  }
}

function serverOf(one: z.infer<typeof instance>): CloudServer {
  const states: Record<string, CloudServer['state']> = {
    pending: 'starting',
    running: 'running',
    stopping: 'stopped',
    stopped: 'stopped',
    'shutting-down': 'failed',
    terminated: 'failed',
  };
  return {
    id: one.name,
    state: states[one.state.name] ?? 'starting',
    ...(one.publicIpAddress !== undefined && { ipv4: one.publicIpAddress }),
  };
}

/** OpenSSH prints "SHA256:" and unpadded base64. */
function withPrefix(fingerprint: string): string {
  const bare = fingerprint.replace(/^SHA256:/, '').replace(/=+$/, '');
  return `SHA256:${bare}`;
}

/** The kind of a refusal in AWS's own words ("NotFoundException"), kept as the error's cause. */
class AwsRefusal extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

function awsType(error: unknown): string | undefined {
  return error instanceof HalfspreadError && error.cause instanceof AwsRefusal ? error.cause.type : undefined;
}

function refusal(answer: CloudAnswer, nowMs: number): Error {
  const body = awsError.safeParse(answer.body);
  const type = body.success ? (body.data.__type.split('#').pop() ?? '') : `http ${answer.status}`;
  const message = body.success ? (body.data.message ?? body.data.Message ?? '') : '';
  const error = errorFor(type, message, answer, nowMs);
  error.cause = new AwsRefusal(type, message);
  return error;
}

const TOKEN_TYPES = new Set([
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InvalidClientTokenId',
  'ExpiredTokenException',
  'UnauthenticatedException',
  'IncompleteSignatureException',
]);

function errorFor(type: string, message: string, { status, headers }: CloudAnswer, nowMs: number): Error {
  const said = message === '' ? type : `${type}: ${message}`;
  if (TOKEN_TYPES.has(type)) return cloudErrors.token(TITLE, said);
  if (type === 'AccessDeniedException') return cloudErrors.readOnly(TITLE, said);
  if (status === 429 || type === 'ThrottlingException') return cloudErrors.rate(TITLE, waitAskedMs(headers, nowMs));
  if (/capacity|not available in|no available/i.test(message)) return cloudErrors.regionFull(TITLE, said);
  if (/maximum number|limit/i.test(message)) return cloudErrors.limit(TITLE, said);
  return cloudErrors.refused(TITLE, said);
}
