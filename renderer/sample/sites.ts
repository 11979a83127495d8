/** Invented sites for the sample page: every state the page can be in. Never reachable in the product. */
import type { CloudPlanOffer, CloudRegionOffer, LegHere, Prediction } from '../../main/ipc/cloud-schema.ts';
import type { PlaceFigures, SiteLink } from '../../main/ipc/place-schema.ts';
import type { IpcCallName } from '../../main/ipc/schema.ts';
import {
  cloudStepIds,
  deployStepIds,
  type Finding,
  type HostFacts,
  type Operation,
  type OperationStep,
  type OperationStepId,
  type Outlook,
  type Saying,
  type Site,
  type SitesState,
} from '../../main/ipc/site-schema.ts';
import { inEnglish, saying, sayingAsItIs } from '../../main/text/saying.ts';
import { SAMPLE_AT } from './snapshot.ts';

export const SAMPLE_SITES = [
  'idle',
  'deploying',
  'failed',
  'done',
  'unfinished',
  'empty',
  'question',
  'moved',
  'locked',
] as const;
export type SampleSites = (typeof SAMPLE_SITES)[number];

const SECOND = 1000;
/** tokyo-1 has the desk. */
function link(site: string, trading: 'trading' | 'locked'): SiteLink {
  return {
    site,
    link: {
      state: 'ready',
      rtt: { n: 418, p10: 238, p50: 241.4, p90: 262, p95: 280, p99: 402, max: 611 },
      attempt: 0,
      lastSeenAt: SAMPLE_AT,
      clock: { skewMs: -3.2, errorMs: 121 },
      bytesPerSecond: { received: 3_850, sent: 140 },
    },
    term: 14,
    trading,
    mode: 'practice',
    engineVersion: '0.1.0',
    isFlat: true,
    holdsDesk: site === 'tokyo-1',
    isUnlocking: false,
    staysLocked: false,
  };
}

const practised = {
  mode: 'practice',
  tape: 'btc-usdm-coinm',
  market: 'BTC, Vest / Paradex',
  fees: 'zero',
  startedAt: SAMPLE_AT - 900 * SECOND,
} as const;
const figures: PlaceFigures[] = [
  {
    ...practised,
    site: 'tokyo-1',
    line: 'vps-near',
    at: SAMPLE_AT,
    episodes: 100,
    orderToAck: { n: 100, mean: 42.6, median: 41.8, ci95: [41.9, 43.5] },
    slippage: { n: 100, mean: 0.29, median: 0.1, ci95: [0.14, 0.44] },
  },
  {
    ...practised,
    line: 'adsl-rural',
    at: SAMPLE_AT - 600 * SECOND,
    episodes: 92,
    orderToAck: { n: 92, mean: 391.2, median: 389.4, ci95: [386.1, 396.8] },
    slippage: { n: 92, mean: 0.48, median: 0.3, ci95: [0.31, 0.7] },
  },
];

const FINGERPRINT = 'SHA256:pVlW1x0iFvVvV0v1UuH0bTn7rZ0x8q0m3wJtqvQ1zXE';

const legs: LegHere[] = [
  { venue: 'paradex', roundTripMs: 376, roundTrips: 188, orderToAckMs: 386, n: 92 },
  { venue: 'vest', roundTripMs: 376, roundTrips: 187, orderToAckMs: 388, n: 92 },
];

const tokyo: Prediction = {
  legs: [
    {
      venue: 'paradex',
      here: legs[0],
      roundTrip: { kind: 'map', range: { low: 0.5, high: 5 }, floorMs: 0 },
      orderToAck: { low: 10.5, high: 15 },
    },
    { venue: 'vest', here: legs[1] },
  ],
  orderToAckHereMs: 388,
};

const measured: Prediction = {
  legs: [
    {
      venue: 'paradex',
      here: legs[0],
      roundTrip: { kind: 'measured', ms: 3.2, n: 20 },
      orderToAck: { low: 13.2, high: 13.2 },
    },
    {
      venue: 'vest',
      here: legs[1],
      roundTrip: { kind: 'measured', ms: 14.1, n: 20 },
      orderToAck: { low: 26.1, high: 26.1 },
    },
  ],
  orderToAck: { low: 26.1, high: 26.1 },
  orderToAckHereMs: 388,
};

const facts: HostFacts = {
  os: 'Linux',
  arch: 'x86_64',
  libc: 'glibc 2.39',
  distribution: 'Ubuntu 24.04.3 LTS',
  systemd: true,
  memoryMiB: 957,
  diskFreeMiB: 36_400,
  clockOffsetMs: 0.4,
  clockErrorMs: 121.7,
  portBusy: false,
  releases: ['0.1.0-3f2a9c1b', '0.0.9-77ab01d2'],
  current: '0.1.0-3f2a9c1b',
  venueConnectMs: [],
};

function site(name: string, change: Partial<Site> = {}): Site {
  return {
    id: '6f0f8a52-0c4b-4d0e-9a5e-0f5f6f6d7a10',
    name,
    host: '203.0.113.9',
    port: 22,
    user: 'ubuntu',
    prefix: '/opt/halfspread',
    service: 'systemd',
    ownUser: true,
    hostKeyFingerprint: FINGERPRINT,
    agent: {
      port: 7411,
      agentId: 'A'.repeat(43),
      spkiPin: `${'A'.repeat(43)}=`,
      certificatePem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      publicKey: 'AAAA',
      reachable: true,
    },
    version: '0.1.0',
    release: '0.1.0-3f2a9c1b',
    runtime: 'node-v24.21.0-linux-x64',
    facts,
    measured: {
      startedAt: SAMPLE_AT - 34 * 60 * SECOND,
      venues: [
        probes('paradex', { n: 20, min: 3.1, p50: 3.2, p95: 3.4, max: 4 }),
        probes('vest', { n: 20, min: 13.6, p50: 14.1, p95: 14.8, max: 17 }),
      ],
    },
    provider: { kind: 'lightsail', region: 'ap-northeast-1', serverId: 'halfspread-6f0f8a520c4b' },
    createdAt: SAMPLE_AT - 40 * 60 * SECOND,
    deployedAt: SAMPLE_AT - 34 * 60 * SECOND,
    ...change,
  };
}

function probes(
  venue: 'paradex' | 'vest',
  tcpConnect: { n: number; min: number; p50: number; p95: number; max: number },
) {
  return { venue, host: `${venue}.example`, tcpConnect, tls: { n: 0 }, restWarm: { n: 0 }, failed: 0 };
}

const TOOK: Partial<Record<OperationStepId, number>> = {
  desk: 12,
  cloudToken: 812,
  cloudPlan: 2_104,
  cloudServer: 6_400,
  cloudBoot: 38_200,
  cloudPorts: 3_020,
  cloudHostKey: 9_100,
  cloudLogin: 11_700,
  credentials: 90,
  hostKey: 1_600,
  login: 2_300,
  preflight: 3_300,
  runtime: 9_700,
  upload: 11_400,
  install: 1_900,
  identity: 1_100,
  selfTest: 2_600,
  service: 900,
  switch: 700,
  start: 1_200,
  health: 4_100,
  enrol: 1_300,
  measure: 7_100,
};

function operation(until: OperationStepId, state: Operation['state'], change: Partial<Operation> = {}): Operation {
  const [desk, ...rest] = deployStepIds;
  const ids: OperationStepId[] = [desk, ...cloudStepIds.filter((step) => step !== 'cloudRotate'), ...rest];
  const at = ids.indexOf(until);
  const steps = ids.map((step, index): OperationStep => {
    if (index > at) return { step, state: 'waiting', elapsedMs: 0 };
    const elapsedMs = TOOK[step] ?? 500;
    if (index < at || state === 'done') return { step, state: 'done', elapsedMs };
    return { step, state: state === 'running' ? 'running' : 'failed', elapsedMs };
  });
  const line = (secondsAgo: number, step: OperationStepId, ...said: Saying[]) => ({
    at: SAMPLE_AT - secondsAgo * SECOND,
    step,
    text: inEnglish(said),
    said,
  });
  return {
    id: 'sample',
    site: 'tokyo-2',
    kind: 'deploy',
    target: 'Lightsail ap-northeast-1',
    state,
    startedAt: SAMPLE_AT - 121 * SECOND,
    steps,
    usual: { n: 4, minMs: 96_000, maxMs: 134_000 },
    log: [
      line(
        60,
        'preflight',
        saying('system', { distribution: facts.distribution, arch: facts.arch, libc: facts.libc }),
        saying('room', { memoryMiB: facts.memoryMiB, freeMiB: facts.diskFreeMiB }),
        saying('clock', { clockOffsetMs: facts.clockOffsetMs, errorMs: facts.clockErrorMs }),
        saying('connect', { host: 'api.prod.paradex.trade', tookMs: 3.2 }),
      ),
      line(22, 'upload', saying('upload.done', { sizeBytes: 812_000 })),
      line(20, 'install', sayingAsItIs('/opt/halfspread/versions/0.1.0-3f2a9c1b')),
      line(18, 'identity', saying('identity', { agentId: 'waCTSctezwLo', pin: '4CJJk8REhFMP' })),
      line(15, 'selfTest', saying('selfTest', { version: '0.1.0', node: '24.21.0', secp256k1: 'native', count: 9 })),
      line(11, 'health', saying('health', { trading: 'locked', memoryBytes: 94_000_000 })),
      line(9, 'enrol', saying('enrol', { label: 'laptop', role: 'admin' })),
      line(7, 'measure', saying('measure.probes', { count: 20 })),
    ],
    ...change,
  };
}

const server = {
  site: 'tokyo-1',
  provider: 'lightsail' as const,
  title: 'Lightsail',
  region: 'ap-northeast-1',
  plan: 'micro_3_0',
  price: { amount: '7.00', currency: 'USD' },
  state: 'exists' as const,
  ipv4: '203.0.113.9',
  createdAt: SAMPLE_AT - 40 * 60 * SECOND,
};
const outlook = (of: string): Outlook => ({ site: of, at: SAMPLE_AT - 3600 * SECOND, prediction: tokyo, measured });

export function sampleSites(kind: SampleSites): SitesState {
  const deployed = [
    site('tokyo-1'),
    site('fra-2', {
      host: 'fra-2.example.net',
      user: 'root',
      version: '0.0.9',
      release: '0.0.9-77ab01d2',
      provider: undefined,
      measured: undefined,
      deployedAt: SAMPLE_AT - 12 * 86_400 * SECOND,
    }),
  ];
  const state: SitesState = {
    version: '0.1.0',
    sites: deployed,
    unfinished: [],
    operations: [],
    questions: [],
    cloudServers: [server],
    access: [
      { provider: 'lightsail', title: 'Lightsail', state: 'ready', label: 'access key AKIA…LE01' },
      { provider: 'hetzner', title: 'Hetzner', state: 'none' },
    ],
    secrets: [{ site: 'fra-2', kind: 'password', state: 'kept' }],
    lookups: [
      {
        site: 'tokyo-1',
        isChecking: false,
        at: SAMPLE_AT - 12 * SECOND,
        status: {
          name: 'tokyo-1',
          service: 'running',
          current: '0.1.0-3f2a9c1b',
          previous: '0.0.9-77ab01d2',
          releases: ['0.1.0-3f2a9c1b', '0.0.9-77ab01d2'],
          agent: {
            agentId: 'A'.repeat(43),
            version: '0.1.0',
            pid: 812,
            uptimeMs: 34 * 60 * SECOND,
            locked: false,
            trading: 'observing',
            mode: 'live',
            flat: true,
            sessions: 1,
            term: 14,
            holdsTerm: true,
            rssBytes: 94_000_000,
          },
        },
      },
      {
        site: 'fra-2',
        isChecking: false,
        at: SAMPLE_AT - 3 * 60 * SECOND,
        status: {
          name: 'fra-2',
          service: 'running',
          current: '0.0.9-77ab01d2',
          releases: ['0.0.9-77ab01d2'],
          agent: {
            agentId: 'A'.repeat(43),
            version: '0.0.9',
            pid: 640,
            uptimeMs: 5 * 3600 * SECOND,
            locked: true,
            trading: 'locked',
            flat: true,
            sessions: 0,
            term: 13,
            holdsTerm: false,
            rssBytes: 88_000_000,
          },
        },
      },
    ],
    outlooks: [outlook('tokyo-1')],
    links: [],
    figures: [],
    setAside: [],
  };
  const making = { ...server, site: 'tokyo-2', createdAt: SAMPLE_AT - 121 * SECOND };
  switch (kind) {
    case 'idle':
      return state;
    case 'moved':
      return { ...state, links: [link('tokyo-1', 'trading'), link('fra-2', 'locked')], figures };
    case 'locked':
      return { ...state, links: [{ ...link('tokyo-1', 'locked'), staysLocked: true }, link('fra-2', 'locked')] };
    case 'empty':
      return { ...state, sites: [], lookups: [], outlooks: [], cloudServers: [], secrets: [] };
    case 'deploying':
      return {
        ...state,
        operations: [operation('measure', 'running')],
        cloudServers: [server, making],
        outlooks: [...state.outlooks, { ...outlook('tokyo-2'), measured: undefined }],
      };
    case 'done':
      return {
        ...state,
        operations: [operation('record', 'done', { site: 'tokyo-1', endedAt: SAMPLE_AT - 4 * SECOND })],
      };
    case 'failed':
    case 'unfinished': {
      const error = {
        code: 'HS_DEPLOY_SELF_TEST',
        message: 'The program does not pass its own test on the server: clock: 9 min behind. It was not started.',
        remedy: 'Mend what it names on the server, then resume. The version before, if there is one, still runs.',
      };
      return {
        ...state,
        operations:
          kind === 'failed' ? [operation('selfTest', 'failed', { error, endedAt: SAMPLE_AT - 9 * SECOND })] : [],
        cloudServers: [server, making],
        unfinished: [
          {
            site: 'tokyo-2',
            host: '203.0.113.20',
            kind: 'deploy',
            startedAt: SAMPLE_AT - 121 * SECOND,
            lastStep: 'selfTest',
            error,
          },
        ],
      };
    }
    case 'question':
      return {
        ...state,
        operations: [operation('hostKey', 'running', { site: 'vps-example' })],
        questions: [
          {
            id: 'q',
            site: 'vps-example',
            host: 'vps.example.net',
            port: 22,
            type: 'ssh-ed25519',
            fingerprint: FINGERPRINT,
          },
        ],
      };
  }
}

function region(id: string, city: string, floorMs: number | undefined): CloudRegionOffer {
  const trip =
    floorMs === undefined
      ? undefined
      : { kind: 'map' as const, floorMs, range: { low: 0.5 + floorMs * 1.2, high: 5 + floorMs * 2.2 } };
  return {
    id,
    city,
    country: '',
    prediction: {
      legs: [
        {
          venue: 'paradex',
          here: legs[0],
          ...(trip && { roundTrip: trip, orderToAck: { low: 10 + trip.range.low, high: 10 + trip.range.high } }),
        },
        { venue: 'vest', here: legs[1] },
      ],
      orderToAckHereMs: 388,
    },
  };
}

function plan(id: string, vcpus: number, ramMib: number, amount: string): CloudPlanOffer {
  return { id, vcpus, ramMib, diskGib: 40, architecture: 'x64', monthlyPrice: { amount, currency: 'USD' } };
}

const findings: Finding[] = [
  {
    code: 'HS_DOCTOR_LOGIN',
    severity: 'ok',
    said: saying('finding.login.sudo', { user: 'ubuntu' }),
    message: 'Login as ubuntu, root by sudo; the host key is the verified one.',
    remedy: '',
  },
  {
    code: 'HS_DOCTOR_HOST',
    severity: 'ok',
    said: saying('finding.host', { freeMiB: 36_400, clockOffsetMs: 0.4 }),
    message: 'System, disk (36400 MiB free), memory and clock (0.4 ms) are fine.',
    remedy: '',
  },
  {
    code: 'HS_DOCTOR_VERSION',
    severity: 'warn',
    said: saying('finding.version', { there: '0.0.9-77ab01d2', here: '0.1.0-3f2a9c1b' }),
    saidRemedy: saying('finding.version.do'),
    message: 'The server runs 0.0.9-77ab01d2, this machine has 0.1.0-3f2a9c1b.',
    remedy: 'Upgrade the site when it is flat.',
    fix: 'halfspread site upgrade tokyo-1',
  },
  {
    code: 'HS_DOCTOR_REACH',
    severity: 'stop',
    said: saying('finding.noReach', { port: 7411, host: '203.0.113.9' }),
    saidRemedy: saying('finding.noReach.do', { port: 7411 }),
    message: 'Port 7411 of 203.0.113.9 does not answer from here.',
    remedy: 'Open it for this machine in the server’s and the provider’s firewall.',
  },
];

/** What main would answer to the calls of the page and its wizard. */
export const sampleSiteAnswers: Partial<Record<IpcCallName, unknown>> = {
  'sites.where': { legs, minOrders: 8, practiceLine: 'adsl-rural', places: [{ venue: 'paradex', city: 'Tokyo' }] },
  'sites.doctor': { findings },
  'sites.logs': {
    lines: [
      '{"at":"2026-11-22T14:03:02Z","level":"info","text":"agent 0.1.0 started, locked"}',
      '{"at":"2026-11-22T14:03:22Z","level":"info","text":"device waCTSctezwLo connected, role admin"}',
      '{"at":"2026-11-22T14:03:23Z","level":"info","text":"unlocked by waCTSctezwLo"}',
    ],
  },
  'sites.plan': {
    steps: deployStepIds.slice(0, 6).map((step) => ({
      step,
      changes: step === 'runtime',
      commands: [{ name: 'who am I', runsAs: 'login', text: 'sh -s\nid -u' }],
    })),
  },
  'cloud.regions': {
    regions: [
      region('ap-northeast-1', 'Tokyo', 0),
      region('ap-northeast-2', 'Seoul', 11.3),
      region('ap-southeast-1', 'Singapore', 52.1),
      region('us-west-2', 'Oregon', 76),
      region('eu-north-1', 'Stockholm', 80.1),
      region('eu-central-1', 'Frankfurt', 91.4),
      region('eu-west-3', 'Paris', 95.2),
      region('xx-new-1', 'Somewhere new', undefined),
    ],
  },
  'cloud.plans': {
    plans: [plan('nano_3_0', 2, 512, '5.00'), plan('micro_3_0', 2, 1024, '7.00'), plan('small_3_0', 2, 2048, '12.00')],
  },
  'sites.deploy': { operationId: 'sample' },
  'cloud.deploy': { operationId: 'sample' },
};
