import { startFakeCloud, type FakeAnswer, type FakeCloud, type Recorded } from './fake-cloud.test-helper.ts';

interface Thing {
  id: number;
  name: string;
  labels: Record<string, string>;
  [field: string]: unknown;
}

export interface FakeHetzner extends FakeCloud {
  things: Record<'servers' | 'firewalls' | 'ssh_keys', Thing[]>;
  /** What the next request to a path ("POST /servers") is answered with instead. */
  next: Map<string, FakeAnswer>;
  token: string;
  /** Of every server that runs. */
  address: string;
}

/** Hetzner Cloud's API as the reference describes it: labels, uniqueness of keys, actions, slow boot, firewalls in use. */
export async function startFakeHetzner(): Promise<FakeHetzner> {
  const things: FakeHetzner['things'] = { servers: [], firewalls: [], ssh_keys: [] };
  const next: FakeHetzner['next'] = new Map();
  const token = 'hetznerTokenPlanted0123456789012345678901234567890123456789012345';
  let lastId = 100;
  const polls = new Map<number, number>();

  function answer(request: Recorded): FakeAnswer {
    const url = new URL(request.path, 'http://fake');
    const key = `${request.method} ${url.pathname}`;
    const planned = next.get(key);
    next.delete(key);
    if (planned && !planned.lost) return planned;
    const answered = normal(request, url);
    return planned ? { ...answered, lost: true } : answered;
  }

  function normal({ method, headers, body }: Recorded, url: URL): FakeAnswer {
    if (headers.authorization !== `Bearer ${token}`) return error(401, 'unauthorized', 'unable to authenticate');
    const [, kind, id] = url.pathname.split('/');
    if (kind === 'locations') return { status: 200, body: { locations: LOCATIONS } };
    if (kind === 'server_types') return { status: 200, body: { server_types: SERVER_TYPES } };
    if (kind === 'pricing') return { status: 200, body: { pricing: { currency: 'EUR', vat_rate: '19.00' } } };
    if (kind !== 'servers' && kind !== 'firewalls' && kind !== 'ssh_keys') return error(404, 'not_found', 'not found');
    if (method === 'GET' && id === undefined) return { status: 200, body: { [kind]: selected(kind, url) } };
    const one = things[kind].find((thing) => String(thing.id) === id);
    if (method === 'POST' && id === undefined) return make(kind, JSON.parse(body) as Record<string, unknown>);
    if (!one) return error(404, 'not_found', `${kind} not found`);
    if (method === 'POST') return { status: 201, body: { actions: [] } };
    if (method === 'GET') return { status: 200, body: { server: booted(one) } };
    if (kind === 'firewalls' && things.servers.length > 0) return error(422, 'resource_in_use', 'still in use');
    things[kind] = things[kind].filter((thing) => thing !== one);
    return { status: 204 };
  }

  function selected(kind: keyof FakeHetzner['things'], url: URL): Thing[] {
    const selector = url.searchParams.get('label_selector')?.split(',') ?? [];
    return things[kind].filter(({ labels }) =>
      selector.every((term) => {
        const [name = '', value] = term.split('=');
        return labels[name] === value;
      }),
    );
  }

  function make(kind: keyof FakeHetzner['things'], body: Record<string, unknown>): FakeAnswer {
    if (kind === 'ssh_keys' && things.ssh_keys.some((key) => key['public_key'] === body['public_key']))
      return error(409, 'uniqueness_error', 'SSH key not unique');
    const thing = { labels: {}, ...body, id: ++lastId } as Thing;
    things[kind].push(thing);
    if (kind === 'ssh_keys') return { status: 201, body: { ssh_key: thing } };
    if (kind === 'firewalls') return { status: 201, body: { firewall: thing, actions: [] } };
    return { status: 201, body: { server: booted(thing), action: { id: 1, status: 'running', progress: 0 } } };
  }

  /** Initializing without an address at first, running at the third look. */
  function booted(server: Thing): Thing {
    const seen = (polls.get(server.id) ?? 0) + 1;
    polls.set(server.id, seen);
    const running = seen > 2;
    return {
      ...server,
      status: running ? 'running' : 'initializing',
      public_net: { ipv4: running ? { ip: fake.address } : null },
    };
  }

  const fake: FakeHetzner = { ...(await startFakeCloud(answer)), things, next, token, address: '203.0.113.7' };
  return fake;
}

function error(status: number, code: string, message: string, headers?: Record<string, string>): FakeAnswer {
  return { status, body: { error: { code, message, details: null } }, ...(headers && { headers }) };
}

const LOCATIONS = [
  { id: 1, name: 'fsn1', city: 'Falkenstein', country: 'DE', latitude: 50.47612, longitude: 12.370071 },
  { id: 2, name: 'sin', city: 'Singapore', country: 'SG', latitude: 1.283333, longitude: 103.833333 },
];

const price = (location: string, gross: string): object => ({
  location,
  price_hourly: { net: '0.0050', gross: '0.0060' },
  price_monthly: { net: '3.3500', gross },
});
const SERVER_TYPES = [
  { name: 'cx23', cores: 2, memory: 4, disk: 40, architecture: 'x86', prices: [price('fsn1', '4.7481')] },
  {
    name: 'cpx12',
    cores: 1,
    memory: 2,
    disk: 40,
    architecture: 'x86',
    prices: [price('fsn1', '7.7231'), price('sin', '9.5100')],
  },
  { name: 'cax11', cores: 2, memory: 4, disk: 40, architecture: 'arm', prices: [price('fsn1', '4.5101')] },
  {
    name: 'old1',
    cores: 1,
    memory: 1,
    disk: 20,
    architecture: 'x86',
    deprecated: true,
    prices: [price('fsn1', '1.0')],
  },
];
