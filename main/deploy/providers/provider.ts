/**
 * One interface for every cloud that can make a server for an engine. Facts: reference of the six clouds' APIs; an adapter is
 * run here against a local server that follows them, never against the live API ("not run against the live API").
 */
export type ProviderId = 'lightsail' | 'hetzner';

export interface CloudAccount {
  /** What the token opens, in the provider's words: a project, an access key. */
  label: string;
  /** What would stop a deployment, in English, from the provider; empty = nothing known. */
  problems: string[];
}

export interface CloudRegion {
  id: string;
  city: string;
  /** ISO 3166 alpha-2 where the provider gives it, else its name. */
  country: string;
  /** Degrees; absent where neither the provider nor our table knows them. */
  latitude?: number;
  longitude?: number;
}

export interface CloudPlan {
  id: string;
  vcpus: number;
  ramMib: number;
  diskGib: number;
  architecture: 'x64' | 'arm64';
  /** Decimal text as the provider states it, all taxes of theirs included where it says both. */
  monthlyPrice: { amount: string; currency: string };
}

/** What a deployment made: every part carries `app=halfspread` and `deploy=<deployId>`, or is named after it. */
export interface ServerSpec {
  /** UUID written to the deploy journal before the first call: how everything is found again after a crash. */
  deployId: string;
  region: string;
  plan: string;
  /** OpenSSH text of the login key's public half. */
  sshPublicKey: string;
  /** TCP ports to open and from where ("203.0.113.4/32"). */
  ports: { port: number; sources: string[] }[];
  /** cloud-init text; holds no secret but the one-time host key where the provider attests none. */
  userData?: string;
}

export interface CloudServer {
  id: string;
  state: 'starting' | 'running' | 'stopped' | 'failed';
  /** Public IPv4, once it has one. */
  ipv4?: string;
  /** 0 to 100 where the provider tells. */
  progressPercent?: number;
}

export interface CloudHostKey {
  /** "ssh-ed25519". */
  algorithm: string;
  /** "SHA256:..." as OpenSSH prints it. */
  fingerprint: string;
}

/** What exists of a deployment, with what it costs while it exists. */
export interface CloudResource {
  kind: 'server' | 'sshKey' | 'firewall' | 'staticIp';
  id: string;
  name: string;
  costs: boolean;
}

/**
 * Every call is safe to repeat. Errors: HS_CLOUD_TOKEN (wrong, expired), HS_CLOUD_READ_ONLY, HS_CLOUD_REGION_FULL,
 * HS_CLOUD_LIMIT, HS_CLOUD_RATE (with the wait), HS_CLOUD_UNREACHABLE (nothing known; safe to repeat), HS_CLOUD_ANSWER.
 */
export interface CloudProvider {
  readonly id: ProviderId;
  readonly title: string;
  /** User of the images, and whether it needs sudo. */
  readonly loginUser: string;
  /** Whether the provider attests SSH host keys; without it the first boot carries a one-time host key. */
  readonly attestsHostKeys: boolean;
  verifyToken(signal?: AbortSignal): Promise<CloudAccount>;
  regions(signal?: AbortSignal): Promise<CloudRegion[]>;
  /** Plans that can be ordered in the region now, cheapest first. */
  plans(region: string, signal?: AbortSignal): Promise<CloudPlan[]>;
  /** What exists of this deployment; also what a crash left before its id was written down. */
  find(deployId: string, region: string, signal?: AbortSignal): Promise<CloudResource[]>;
  /** Login key, firewall, server: each made once, or adopted when it exists. Resolves when the provider has accepted the server. */
  createServer(spec: ServerSpec, signal?: AbortSignal): Promise<{ id: string; adopted: boolean }>;
  server(id: string, region: string, signal?: AbortSignal): Promise<CloudServer>;
  /** Sets exactly these ports open; where the firewall belongs to a running server. */
  setPorts(id: string, spec: ServerSpec, signal?: AbortSignal): Promise<void>;
  /** Empty until the provider has seen them. */
  hostKeys(id: string, region: string, signal?: AbortSignal): Promise<CloudHostKey[]>;
  /** Deletes everything of the deployment, then lists again: what is left is returned, and is still billed if it costs. */
  destroy(
    deployId: string,
    region: string,
    signal?: AbortSignal,
  ): Promise<{ deleted: CloudResource[]; left: CloudResource[] }>;
}

/** Name of everything a deployment makes: unique by the deployment, valid as a host name everywhere. */
export function resourceName(deployId: string): string {
  return `halfspread-${deployId.replaceAll('-', '').slice(0, 12)}`;
}
