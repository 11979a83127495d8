import type { InitResult, MeasureResult } from '../../engine/protocol/agent-program.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { DeployRequest, DeployStepId, HostFacts, Saying } from '../ipc/site-schema.ts';
import type { AgentBundle } from './bundle.ts';
import type { Connection } from './connect.ts';
import type { Host } from './host.ts';
import { layoutOf, type RuntimeChoice, type SiteLayout } from './layout.ts';
import type { DeployPorts } from './ports.ts';
import type { PreflightExtras } from './preflight.ts';
import type { HostKey } from './ssh/host-key.ts';
import { targetOf } from './request.ts';
import type { SshTarget } from './ssh/target.ts';

/** What a step tells while it works. */
export interface StepReport {
  detail(...said: Saying[]): void;
  bytes(done: number, total: number, remainingMs?: number): void;
}

/** Everything the steps of one deploy know. Probes fill it anew in every run; nothing in it comes from an earlier one. */
export class DeployContext {
  readonly request: DeployRequest;
  readonly operation: 'deploy' | 'upgrade';
  readonly siteId: string;
  readonly ports: DeployPorts;
  readonly signal: AbortSignal;
  readonly bundle: AgentBundle;
  readonly target: SshTarget;
  /** Go on although the agent there is not flat. */
  readonly override: boolean;
  /** Changed by this deploy, also before it was resumed. */
  readonly changed: ReadonlySet<DeployStepId>;
  hostKey: HostKey | undefined;
  connection: Connection | undefined;
  facts: HostFacts | undefined;
  extras: PreflightExtras | undefined;
  runtime: RuntimeChoice | undefined;
  identity: InitResult | undefined;
  measured: MeasureResult | undefined;
  reachable = false;

  constructor(options: {
    request: DeployRequest;
    operation: 'deploy' | 'upgrade';
    siteId: string;
    ports: DeployPorts;
    signal: AbortSignal;
    bundle: AgentBundle;
    override: boolean;
    changed: ReadonlySet<DeployStepId>;
  }) {
    this.request = options.request;
    this.operation = options.operation;
    this.siteId = options.siteId;
    this.ports = options.ports;
    this.signal = options.signal;
    this.bundle = options.bundle;
    this.override = options.override;
    this.changed = options.changed;
    this.target = targetOf(options.request);
  }

  get host(): Host {
    return this.known('connection').host;
  }

  /** Before the system was looked at: as if systemd ran there. */
  get layout(): SiteLayout {
    return layoutOf(this.request, this.facts?.systemd ?? true);
  }

  /** What an earlier step found out. */
  known<Key extends 'hostKey' | 'connection' | 'facts' | 'extras' | 'runtime' | 'identity'>(
    key: Key,
  ): NonNullable<this[Key]> {
    const value = this[key];
    if (value !== undefined && value !== null) return value;
    throw new HalfspreadError('HS_INTERNAL', `A step needs "${key}" before it is known.`, 'Report this as a bug.');
  }

  async close(): Promise<void> {
    await this.connection?.session.close();
    this.connection = undefined;
  }
}
