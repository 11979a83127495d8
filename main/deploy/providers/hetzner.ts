import { z } from 'zod';
import { callCloud, cloudErrors, unreadable, waitAskedMs, type CloudAnswer } from './cloud-http.ts';
import {
  resourceName,
  type CloudPlan,
  type CloudProvider,
  type CloudResource,
  type CloudServer,
  type ServerSpec,
} from './provider.ts';

export interface HetznerOptions {
  /** Of one project, Read & Write. */
  token: string;
  /** For tests: a local server; default the public API. */
  baseUrl?: string;
  nowMs?: () => number;
}

const TITLE = 'Hetzner';
const BASE_URL = 'https://api.hetzner.cloud/v1';
const IMAGE = 'ubuntu-24.04';
const PAGE = 50;
/** A bound on paging: no account of this product's users has more of anything. */
const MAX_PAGES = 20;

const id = z.number().int();
const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const locations = z.object({
  locations: z.array(
    z.object({ name: z.string(), city: z.string(), country: z.string(), latitude: z.number(), longitude: z.number() }),
  ),
});
const serverTypes = z.object({
  server_types: z.array(
    z.object({
      name: z.string(),
      cores: z.number(),
      memory: z.number(),
      disk: z.number(),
      architecture: z.enum(['x86', 'arm']),
      deprecated: z.boolean().nullish(),
      prices: z.array(
        z.object({ location: z.string(), price_monthly: z.object({ net: z.string(), gross: z.string() }) }),
      ),
    }),
  ),
});
const pricing = z.object({ pricing: z.object({ currency: z.string() }) });
const named = z.object({ id, name: z.string() });
const serverBody = z.object({
  id,
  name: z.string(),
  status: z.string(),
  public_net: z.object({ ipv4: z.object({ ip: z.string() }).nullable() }),
});

/** Hetzner Cloud, API v1. Not run against the live API. */
export function createHetzner({ token, baseUrl = BASE_URL, nowMs = Date.now }: HetznerOptions): CloudProvider {
  async function call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const answer = await callCloud({
      title: TITLE,
      method,
      repeatable: method === 'GET',
      url: `${baseUrl}${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    });
    if (answer.status >= 400) throw refusal(answer, nowMs());
    return answer.body;
  }

  async function get<Value>(schema: z.ZodType<Value>, path: string, signal?: AbortSignal): Promise<Value> {
    return read(schema, await call('GET', path, undefined, signal));
  }

  /** All pages of a list. */
  async function list<Value>(
    key: string,
    item: z.ZodType<Value>,
    query: string,
    signal?: AbortSignal,
  ): Promise<Value[]> {
    const all: Value[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const path = `/${key}?${query}${query === '' ? '' : '&'}page=${page}&per_page=${PAGE}`;
      const body = await get(z.record(z.string(), z.unknown()), path, signal);
      const items = read(z.array(item), body[key]);
      all.push(...items);
      if (items.length < PAGE) return all;
    }
    throw unreadable(TITLE, `more than ${MAX_PAGES} pages of ${key}`);
  }

  const ours = (deployId: string): string =>
    `label_selector=${encodeURIComponent(`app=halfspread,deploy=${deployId}`)}`;

  async function ensureKey({ deployId, sshPublicKey }: ServerSpec, signal?: AbortSignal): Promise<number> {
    const found = (await list('ssh_keys', named, ours(deployId), signal))[0];
    if (found) return found.id;
    try {
      const made = await call(
        'POST',
        '/ssh_keys',
        { name: resourceName(deployId), public_key: sshPublicKey, labels: labels(deployId) },
        signal,
      );
      return read(z.object({ ssh_key: named }), made).ssh_key.id;
    } catch (error) {
      // The same key under another name: its text is what counts, so it is found by it.
      if (!isUniqueness(error)) throw error;
      const all = await list('ssh_keys', named.extend({ public_key: z.string() }), '', signal);
      const same = all.find((key) => keyPart(key.public_key) === keyPart(sshPublicKey));
      if (!same) throw error;
      return same.id;
    }
  }

  async function ensureFirewall(spec: ServerSpec, signal?: AbortSignal): Promise<number> {
    const found = (await list('firewalls', named, ours(spec.deployId), signal))[0];
    if (found) {
      await call('POST', `/firewalls/${found.id}/actions/set_rules`, { rules: rules(spec) }, signal);
      return found.id;
    }
    const made = await call(
      'POST',
      '/firewalls',
      { name: resourceName(spec.deployId), labels: labels(spec.deployId), rules: rules(spec) },
      signal,
    );
    return read(z.object({ firewall: named }), made).firewall.id;
  }

  async function find(deployId: string, _region: string, signal?: AbortSignal): Promise<CloudResource[]> {
    const [servers, firewalls, keys] = await Promise.all([
      list('servers', named, ours(deployId), signal),
      list('firewalls', named, ours(deployId), signal),
      list('ssh_keys', named, ours(deployId), signal),
    ]);
    const as = (kind: CloudResource['kind'], costs: boolean) => (one: z.infer<typeof named>) => ({
      kind,
      id: String(one.id),
      name: one.name,
      costs,
    });
    return [
      ...servers.map(as('server', true)),
      ...firewalls.map(as('firewall', false)),
      ...keys.map(as('sshKey', false)),
    ];
  }

  return {
    id: 'hetzner',
    title: TITLE,
    loginUser: 'root',
    attestsHostKeys: false,
    async verifyToken(signal) {
      await get(z.object({ servers: z.array(z.unknown()) }), `/servers?per_page=1`, signal);
      return { label: 'project of this token', problems: [] };
    },
    async regions(signal) {
      const found = await get(locations, '/locations', signal);
      return found.locations.map(({ name, city, country, latitude, longitude }) => ({
        id: name,
        city,
        country,
        latitude,
        longitude,
      }));
    },
    async plans(region, signal) {
      const [types, { pricing: money }] = await Promise.all([
        get(serverTypes, `/server_types?per_page=${PAGE}`, signal),
        get(pricing, '/pricing', signal),
      ]);
      return types.server_types
        .filter(({ deprecated }) => deprecated !== true)
        .flatMap((type): CloudPlan[] => {
          const price = type.prices.find(({ location }) => location === region);
          if (!price) return [];
          return [
            {
              id: type.name,
              vcpus: type.cores,
              ramMib: Math.round(type.memory * 1024),
              diskGib: type.disk,
              architecture: type.architecture === 'x86' ? 'x64' : 'arm64',
              monthlyPrice: { amount: price.price_monthly.gross, currency: money.currency },
            },
          ];
        })
        .sort((a, b) => Number(a.monthlyPrice.amount) - Number(b.monthlyPrice.amount));
    },
    find,
    async createServer(spec, signal) {
      const existing = (await list('servers', named, ours(spec.deployId), signal))[0];
      if (existing) return { id: String(existing.id), adopted: true };
      const key = await ensureKey(spec, signal);
      const firewall = await ensureFirewall(spec, signal);
      const made = await call(
        'POST',
        '/servers',
        {
          name: resourceName(spec.deployId),
          server_type: spec.plan,
          image: IMAGE,
          location: spec.region,
          ssh_keys: [key],
          firewalls: [{ firewall }],
          labels: labels(spec.deployId),
          public_net: { enable_ipv4: true, enable_ipv6: true },
          start_after_create: true,
          ...(spec.userData !== undefined && { user_data: spec.userData }),
        },
        signal,
      );
      return { id: String(read(z.object({ server: z.object({ id }) }), made).server.id), adopted: false };
    },
    async server(serverId, _region, signal) {
      const { server } = await get(z.object({ server: serverBody }), `/servers/${serverId}`, signal);
      return serverOf(server);
    },
    async setPorts(_id, spec, signal) {
      await ensureFirewall(spec, signal);
    },
    hostKeys: () => Promise.resolve([]),
    async destroy(deployId, region, signal) {
      const deleted = await find(deployId, region, signal);
      const paths = { server: 'servers', firewall: 'firewalls', sshKey: 'ssh_keys', staticIp: 'primary_ips' } as const;
      // In the order found: a firewall in use by a server cannot be deleted.
      for (const { kind, id: resourceId } of deleted)
        await deleteUnlessGone(call, `/${paths[kind]}/${resourceId}`, signal);
      const left = await find(deployId, region, signal);
      return {
        deleted: deleted.filter(({ kind, id: one }) => !left.some((l) => l.kind === kind && l.id === one)),
        left,
      };
    },
  };
}

const DELETE_TRIES = 10;
const DELETE_WAIT_MS = 1_000;

type Call = (method: 'DELETE', path: string, body?: undefined, signal?: AbortSignal) => Promise<unknown>;

/** A firewall stays "in use" for some seconds after its server is gone. */
async function deleteUnlessGone(call: Call, path: string, signal?: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await call('DELETE', path, undefined, signal);
      return;
    } catch (error) {
      const code = hetznerCode(error);
      if (code === 'not_found') return;
      if (attempt >= DELETE_TRIES || (code !== 'resource_in_use' && code !== 'locked' && code !== 'conflict'))
        throw error;
      await new Promise((resolve) => setTimeout(resolve, DELETE_WAIT_MS));
    }
  }
}

function serverOf(server: z.infer<typeof serverBody>): CloudServer {
  const states: Record<string, CloudServer['state']> = {
    initializing: 'starting',
    starting: 'starting',
    running: 'running',
    off: 'stopped',
    stopping: 'stopped',
    deleting: 'failed',
  };
  return {
    id: String(server.id),
    state: states[server.status] ?? 'starting',
    ...(server.public_net.ipv4 && { ipv4: server.public_net.ipv4.ip }),
  };
}

function labels(deployId: string): Record<string, string> {
  return { app: 'halfspread', deploy: deployId };
}

function rules(spec: ServerSpec): unknown[] {
  return spec.ports.map(({ port, sources }) => ({
    direction: 'in',
    protocol: 'tcp',
    port: String(port),
    source_ips: sources,
  }));
}

/** Type and base64 of an OpenSSH key, without its comment. */
function keyPart(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(' ');
}

/** Hetzner's own code of a refusal, kept as the error's cause. */
class HetznerRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function hetznerCode(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof HetznerRefusal ? error.cause.code : undefined;
}

function isUniqueness(error: unknown): boolean {
  return hetznerCode(error) === 'uniqueness_error';
}

function refusal(answer: CloudAnswer, nowMs: number): Error {
  const body = errorBody.safeParse(answer.body);
  const code = body.success ? body.data.error.code : `http_${answer.status}`;
  const said = body.success ? `${code}: ${body.data.error.message}` : `HTTP ${answer.status}`;
  const error = errorFor(code, answer, said, nowMs);
  error.cause = new HetznerRefusal(code, said);
  return error;
}

function errorFor(code: string, { status, headers }: CloudAnswer, said: string, nowMs: number): Error {
  if (status === 429 || code === 'rate_limit_exceeded') return cloudErrors.rate(TITLE, waitAskedMs(headers, nowMs));
  if (status === 401) return cloudErrors.token(TITLE, said);
  if (code === 'resource_unavailable' || code === 'placement_error') return cloudErrors.regionFull(TITLE, said);
  if (code === 'resource_limit_exceeded') return cloudErrors.limit(TITLE, said);
  // Limits come as 403 too, so the code decides before the status.
  if (code === 'token_readonly' || status === 403) return cloudErrors.readOnly(TITLE, said);
  return cloudErrors.refused(TITLE, said);
}

function read<Value>(schema: z.ZodType<Value>, body: unknown): Value {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw unreadable(TITLE, `${issue.path.join('.')}: ${issue.message}`);
}
