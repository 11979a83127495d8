import { createHash, createHmac } from 'node:crypto';
import { startFakeCloud, type FakeAnswer, type FakeCloud, type Recorded } from './fake-cloud.test-helper.ts';

export interface FakeLightsail extends FakeCloud {
  accessKeyId: string;
  secretAccessKey: string;
  instances: Record<string, unknown>[];
  keyPairs: { name: string }[];
  staticIps: { name: string; ipAddress: string; attachedTo?: string }[];
  ports: Map<string, unknown>;
  /** What the next call of an action is answered with instead. */
  next: Map<string, FakeAnswer>;
}

/** Lightsail's JSON 1.1 API as the reference describes it; every request's SigV4 is checked by code of this test alone. */
export async function startFakeLightsail(): Promise<FakeLightsail> {
  const accessKeyId = 'AKIAEXAMPLEEXAMPLE01';
  const secretAccessKey = 'lightsail-secret-planted';
  const state: Pick<FakeLightsail, 'instances' | 'keyPairs' | 'staticIps' | 'ports' | 'next'> = {
    instances: [],
    keyPairs: [],
    staticIps: [],
    ports: new Map(),
    next: new Map(),
  };
  let looks = 0;

  function answer(request: Recorded): FakeAnswer {
    const action = String(request.headers['x-amz-target']).replace('Lightsail_20161128.', '');
    const wrong = signatureFault(request, accessKeyId, secretAccessKey);
    if (wrong !== undefined) return error('InvalidSignatureException', wrong);
    const planned = state.next.get(action);
    state.next.delete(action);
    if (planned && !planned.lost) return planned;
    const answered = act(action, JSON.parse(request.body) as Record<string, unknown>);
    return planned ? { ...answered, lost: true } : answered;
  }

  function act(action: string, input: Record<string, unknown>): FakeAnswer {
    const ok = (body: unknown): FakeAnswer => ({ status: 200, body });
    const instance = state.instances.find(({ name }) => name === input['instanceName']);
    switch (action) {
      case 'GetRegions':
        return ok({ regions: REGIONS });
      case 'GetBundles':
        return ok({ bundles: BUNDLES });
      case 'GetBlueprints':
        return ok({ blueprints: [{ blueprintId: 'ubuntu_24_04', isActive: true, platform: 'LINUX_UNIX' }] });
      case 'GetKeyPairs':
        return ok({ keyPairs: state.keyPairs });
      case 'GetStaticIps':
        return ok({ staticIps: state.staticIps });
      case 'ImportKeyPair':
        state.keyPairs.push({ name: String(input['keyPairName']) });
        return ok({ operation: {} });
      case 'CreateInstances': {
        const [name] = input['instanceNames'] as string[];
        if (state.instances.some((one) => one['name'] === name))
          return error('InvalidInputException', 'Some names are already in use');
        state.instances.push({ name, tags: input['tags'], zone: input['availabilityZone'], bundle: input['bundleId'] });
        return ok({ operations: [{}] });
      }
      case 'AllocateStaticIp':
        state.staticIps.push({ name: String(input['staticIpName']), ipAddress: '203.0.113.9' });
        return ok({ operations: [{}] });
      case 'AttachStaticIp':
        for (const one of state.staticIps) {
          if (one.name === input['staticIpName']) one.attachedTo = String(input['instanceName']);
        }
        return ok({ operations: [{}] });
      case 'ReleaseStaticIp':
        state.staticIps = state.staticIps.filter(({ name }) => name !== input['staticIpName']);
        return ok({ operations: [{}] });
      case 'DeleteKeyPair':
        state.keyPairs = state.keyPairs.filter(({ name }) => name !== input['keyPairName']);
        return ok({ operation: {} });
    }
    if (!instance) return error('NotFoundException', 'The Instance does not exist');
    switch (action) {
      case 'GetInstance': {
        const running = ++looks > 2;
        const address = state.staticIps.find(({ attachedTo }) => attachedTo === instance['name'])?.ipAddress;
        return ok({
          instance: {
            ...instance,
            state: { code: running ? 16 : 0, name: running ? 'running' : 'pending' },
            ...(running && { publicIpAddress: address ?? '203.0.113.8' }),
          },
        });
      }
      case 'GetInstanceAccessDetails':
        return ok({
          accessDetails: {
            ...(looks > 2 && {
              hostKeys: [
                { algorithm: 'ssh-ed25519', fingerprintSHA256: 'SHA256:pVlW1x0iFvVvV0v1UuH0bTn7rZ0x8q0m3wJtqvQ1zXE=' },
              ],
            }),
          },
        });
      case 'PutInstancePublicPorts':
        state.ports.set(String(input['instanceName']), input['portInfos']);
        return ok({ operation: {} });
      case 'DeleteInstance':
        state.instances = state.instances.filter((one) => one !== instance);
        return ok({ operations: [{}] });
      default:
        return error('InvalidInputException', `no action ${action}`);
    }
  }

  const cloud = await startFakeCloud(answer);
  return Object.assign(state, cloud, { accessKeyId, secretAccessKey });
}

function error(type: string, message: string): FakeAnswer {
  return { status: 400, body: { __type: `com.amazonaws.lightsail#${type}`, message } };
}

/** AWS Signature Version 4 as AWS documents it, written for this check; undefined when it holds. */
function signatureFault(request: Recorded, accessKeyId: string, secret: string): string | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization ?? '',
  );
  if (!match) return 'no signature';
  const [, credential = '', signedHeaders = '', signature] = match;
  const [key, day = '', region = '', service = ''] = credential.split('/');
  if (key !== accessKeyId) return 'unknown access key';
  if (!signedHeaders.split(';').includes('host')) return 'host is not signed';
  const canonical = [
    request.method,
    '/',
    '',
    ...signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    signedHeaders,
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const stamp = String(request.headers['x-amz-date']);
  const text = ['AWS4-HMAC-SHA256', stamp, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const derived = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (hmacKey, part) => createHmac('sha256', hmacKey).update(part).digest(),
    `AWS4${secret}`,
  );
  const expected = createHmac('sha256', derived).update(text).digest('hex');
  return expected === signature ? undefined : 'the signature does not match';
}

const zones = (region: string): object[] => [
  { zoneName: `${region}a`, state: 'unavailable' },
  { zoneName: `${region}c`, state: 'available' },
];
const REGIONS = [
  { name: 'us-east-1', displayName: 'Virginia', continentCode: 'NA', availabilityZones: zones('us-east-1') },
  { name: 'ap-northeast-1', displayName: 'Tokyo', continentCode: 'AS', availabilityZones: zones('ap-northeast-1') },
];
const bundle = { diskSizeInGb: 40, isActive: true, supportedPlatforms: ['LINUX_UNIX'], publicIpv4AddressCount: 1 };
const BUNDLES = [
  { ...bundle, bundleId: 'small_3_0', price: 12, ramSizeInGb: 2, cpuCount: 2 },
  { ...bundle, bundleId: 'micro_3_0', price: 7, ramSizeInGb: 1, cpuCount: 2 },
  { ...bundle, bundleId: 'nano_ipv6_3_0', price: 3.5, ramSizeInGb: 0.5, cpuCount: 2, publicIpv4AddressCount: 0 },
  { ...bundle, bundleId: 'micro_win_3_0', price: 20, ramSizeInGb: 1, cpuCount: 2, supportedPlatforms: ['WINDOWS'] },
];
