import type { EnrolRequest } from '../../engine/protocol/agent-program.ts';
import type { VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import type { RuntimeArch } from './runtime-pins.ts';
import type { openDeployJournal } from './journal.ts';
import type { SitesRegistry } from './sites.ts';
import type { KnownHosts } from './ssh/known-hosts.ts';
import type { HostKeyQuestion } from './ssh/verify.ts';

/** Where secrets are kept: the keychain of this machine, or what the operator chose instead. */
export interface SecretStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<unknown>;
}

/** Whether the engine on this machine holds nothing that a switch to another engine would strand. */
export type DeskState = { flat: true } | { flat: false; why: string };

/** What deploying needs of the rest of the program. */
export interface DeployPorts {
  /** Journals, known hosts and packed programs: below this folder (data/deploy). */
  folder: string;
  /** The built agent program (dist/agent), and the version it is of. */
  agentFolder: string;
  version: string;
  sites: SitesRegistry;
  secrets: SecretStore;
  knownHosts: KnownHosts;
  /** Asks a person to compare a fingerprint. Absent: nobody can be asked. */
  confirmHostKey: ((question: HostKeyQuestion & { site: string }) => Promise<boolean>) | undefined;
  deskState(): Promise<DeskState>;
  /** This machine as the agent will know it: public parts only. */
  device(): Promise<EnrolRequest>;
  /** The pinned Node for a server of this kind on this machine, for the upload; undefined when it is not here. */
  nodeBinary(arch: RuntimeArch): Promise<string | undefined>;
  /** "https://nodejs.org/dist"; tests serve their own. */
  runtimeMirror: string;
  /** Which venues are timed from there. */
  endpoints: VenueEndpoints;
  measureSamples: number;
  /** How long a started agent may take to answer. */
  healthTimeoutMs: number;
  /** Tests wrap it. */
  openJournal: typeof openDeployJournal;
  nowMs(): number;
}

/** 45 s: a small server with a cold disk. */
export const HEALTH_TIMEOUT_MS = 45_000;

export type SiteSecret = 'password' | 'sudoPassword' | 'passphrase';

/** Under which name a site's login secret is in the store. */
export function siteSecretName(site: string, kind: SiteSecret): string {
  return `site.${site}.${kind}`;
}
