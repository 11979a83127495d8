/** A site that is being added: everything typed and chosen so far, and what main says of it. */
import type {
  CloudAccess,
  CloudPlanOffer,
  CloudRegionOffer,
  Prediction,
  ProviderId,
} from '../../main/ipc/cloud-schema.ts';
import {
  fingerprintSchema,
  type DeployRequest,
  type Operation,
  type SiteSecretView,
} from '../../main/ipc/site-schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';
import { isSiteName, suggestedName } from './site-name.ts';
import { sitesView } from './sites.svelte.ts';

export const WIZARD_STEPS = ['server', 'login', 'place', 'review'] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];
export type ServerKind = 'own' | ProviderId;
export type LoginBy = 'agent' | 'file' | 'password';
export type Field =
  'name' | 'host' | 'port' | 'user' | 'jump' | 'identityFile' | 'prefix' | 'agentPort' | 'fingerprint' | 'sources';

type Loaded<Value> =
  { state: 'none' } | { state: 'loading' } | { state: 'ready'; value: Value } | { state: 'failed'; failure: Failure };

/** Codes of main's checks, and the field they are about. */
const FIELDS: Record<string, Field> = {
  HS_DEPLOY_NAME: 'name',
  HS_DEPLOY_NAME_TAKEN: 'name',
  HS_DEPLOY_HOST: 'host',
  HS_DEPLOY_PORT: 'port',
  HS_DEPLOY_USER: 'user',
  HS_DEPLOY_JUMP: 'jump',
  HS_DEPLOY_IDENTITY: 'identityFile',
  HS_DEPLOY_PREFIX: 'prefix',
  HS_DEPLOY_FINGERPRINT: 'fingerprint',
};

export class SiteWizard {
  step = $state<WizardStep>('server');
  kind = $state<ServerKind>('own');

  typedName = $state<string>();
  host = $state('');
  port = $state('22');
  user = $state('root');
  jump = $state('');
  loginBy = $state<LoginBy>('agent');
  identityFile = $state('');
  fingerprint = $state('');
  withRoot = $state(true);
  prefix = $state('');
  agentPort = $state('7411');
  adopt = $state(false);

  regions = $state.raw<Loaded<CloudRegionOffer[]>>({ state: 'none' });
  regionId = $state<string>();
  plans = $state.raw<Loaded<CloudPlanOffer[]>>({ state: 'none' });
  planId = $state<string>();
  sources = $state('0.0.0.0/0');
  isPriceAccepted = $state(false);

  /** What main refused, by field where it is about one. */
  refused = $state.raw<{ field?: Field; failure: Failure }>();
  isBusy = $state(false);

  get taken(): string[] {
    return sitesView.entries.map(({ name }) => name);
  }

  get provider(): ProviderId | undefined {
    return this.kind === 'own' ? undefined : this.kind;
  }

  get name(): string {
    if (this.typedName !== undefined) return this.typedName;
    if (this.kind === 'own') return suggestedName(this.host, this.taken, false);
    return this.region ? suggestedName(this.region.city, this.taken, true) : '';
  }

  get region(): CloudRegionOffer | undefined {
    if (this.regions.state !== 'ready') return undefined;
    return this.regions.value.find(({ id }) => id === this.regionId) ?? this.regions.value[0];
  }

  get plan(): CloudPlanOffer | undefined {
    if (this.plans.state !== 'ready') return undefined;
    return this.plans.value.find(({ id }) => id === this.planId) ?? this.plans.value[0];
  }

  get access(): CloudAccess | undefined {
    return session.sites?.access.find(({ provider }) => provider === this.provider);
  }

  secret(kind: SiteSecretView['kind']): SiteSecretView | undefined {
    return session.sites?.secrets.find((secret) => secret.site === this.name && secret.kind === kind);
  }

  /** The latest look at this server. */
  get look(): Operation | undefined {
    return session.sites?.operations.find(({ site, kind }) => kind === 'look' && site === this.name);
  }

  /** For the pane that says where to run. */
  get prediction(): Prediction | undefined {
    return this.kind === 'own' ? this.look?.look?.prediction : this.region?.prediction;
  }

  /** What of the current step cannot stay as it is; texts are the view's. */
  problem(field: Field): 'missing' | 'form' | 'taken' | undefined {
    switch (field) {
      case 'name':
        if (this.name === '') return 'missing';
        if (!isSiteName(this.name)) return 'form';
        return this.taken.includes(this.name) ? 'taken' : undefined;
      case 'host':
        return this.host.trim() === '' ? 'missing' : undefined;
      case 'user':
        return this.user.trim() === '' ? 'missing' : undefined;
      case 'port':
        return isPort(this.port, 1) ? undefined : 'form';
      case 'agentPort':
        return isPort(this.agentPort, 1024) ? undefined : 'form';
      case 'identityFile':
        return this.loginBy === 'file' && this.identityFile.trim() === '' ? 'missing' : undefined;
      case 'prefix':
        return !this.withRoot && this.prefix.trim() === '' ? 'missing' : undefined;
      case 'fingerprint':
        return this.fingerprint.trim() === '' || fingerprintSchema.safeParse(this.fingerprint.trim()).success
          ? undefined
          : 'form';
      case 'sources':
        return this.sources.trim() === '' ? 'missing' : undefined;
      case 'jump':
        return undefined;
    }
  }

  get request(): DeployRequest {
    const trimmed = (text: string) => (text.trim() === '' ? undefined : text.trim());
    const fingerprint = trimmed(this.fingerprint);
    return {
      name: this.name,
      host: this.host.trim(),
      port: Number(this.port),
      user: this.user.trim(),
      jump: trimmed(this.jump),
      identityFile: this.loginBy === 'file' ? trimmed(this.identityFile) : undefined,
      prefix: this.withRoot ? undefined : trimmed(this.prefix),
      agentPort: Number(this.agentPort),
      fingerprints: fingerprint === undefined ? [] : [fingerprint],
      adopt: this.adopt,
    };
  }

  back(): void {
    this.refused = undefined;
    const at = WIZARD_STEPS.indexOf(this.step);
    this.step = WIZARD_STEPS[Math.max(0, at - 1)] ?? 'server';
  }

  /** Goes on when main has nothing against what was typed; it contacts nobody for that. */
  async next(): Promise<void> {
    this.refused = undefined;
    if (this.step === 'login' && this.kind === 'own' && !(await this.#check())) return;
    const at = WIZARD_STEPS.indexOf(this.step);
    this.step = WIZARD_STEPS[Math.min(WIZARD_STEPS.length - 1, at + 1)] ?? 'review';
    if (this.step === 'login' && this.provider)
      await this.#try(() => session.call('cloud.check', { provider: this.provider ?? 'hetzner' }));
    if (this.step === 'place' && this.provider && this.regions.state !== 'ready') await this.loadRegions();
  }

  async #check(): Promise<boolean> {
    return (await this.#try(() => session.call('sites.plan', this.request))) !== undefined;
  }

  async loadRegions(): Promise<void> {
    const { provider } = this;
    if (!provider) return;
    this.regions = { state: 'loading' };
    try {
      const { regions } = await session.call('cloud.regions', { provider });
      this.regions = { state: 'ready', value: regions };
      await this.loadPlans();
    } catch (error) {
      this.regions = { state: 'failed', failure: failureOf(error) };
    }
  }

  async chooseRegion(id: string): Promise<void> {
    this.regionId = id;
    this.isPriceAccepted = false;
    await this.loadPlans();
  }

  async loadPlans(): Promise<void> {
    const { provider, region } = this;
    if (!provider || !region) return;
    this.plans = { state: 'loading' };
    try {
      const { plans } = await session.call('cloud.plans', { provider, region: region.id });
      if (this.region?.id === region.id) this.plans = { state: 'ready', value: plans };
    } catch (error) {
      if (this.region?.id === region.id) this.plans = { state: 'failed', failure: failureOf(error) };
    }
  }

  /** Another kind of server: what was loaded is of the other one. */
  choose(kind: ServerKind): void {
    if (kind === this.kind) return;
    this.kind = kind;
    this.regions = { state: 'none' };
    this.plans = { state: 'none' };
    this.regionId = this.planId = undefined;
    this.isPriceAccepted = false;
  }

  askSecret(kind: SiteSecretView['kind']): void {
    void this.#try(() => session.call('sites.secret', { site: this.name, kind, forget: false }));
  }

  askToken(): void {
    const { provider } = this;
    if (provider) void this.#try(() => session.call('cloud.token', { provider, forget: false }));
  }

  lookAtServer(): void {
    void this.#try(() => session.call('sites.look', this.request));
  }

  async showPlan(): Promise<void> {
    const plan = await this.#try(() => session.call('sites.plan', this.request));
    if (plan) sitesView.dialog = { name: 'plan', steps: plan.steps, target: `${this.user}@${this.host}` };
  }

  /** @returns whether it began */
  async deploy(): Promise<boolean> {
    const { provider, region, plan } = this;
    const begun = await this.#try(() =>
      provider && region && plan
        ? session.call('cloud.deploy', {
            name: this.name,
            provider,
            region: region.id,
            plan: plan.id,
            acceptedPrice: plan.monthlyPrice,
            agentPort: Number(this.agentPort),
            sources: this.sources.split(/[\s,]+/).filter((source) => source !== ''),
          })
        : session.call('sites.deploy', this.request),
    );
    if (begun) sitesView.choose(this.name);
    return begun !== undefined;
  }

  async #try<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    this.isBusy = true;
    this.refused = undefined;
    try {
      return await work();
    } catch (error) {
      const failure = failureOf(error);
      const field = FIELDS[failure.code];
      this.refused = { failure, ...(field && { field }) };
      return undefined;
    } finally {
      this.isBusy = false;
    }
  }
}

function isPort(text: string, least: number): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= 65_535;
}
