import { VENUE_NAMES } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError, toWireError, type WireError } from '../../engine/protocol/errors.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';
import type { Prediction } from '../ipc/cloud-schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import {
  cloudStepIds,
  deleteStepIds,
  deployStepIds,
  type Operation,
  type ServiceState,
  type SitesState,
} from '../ipc/site-schema.ts';
import type { AskSecret } from '../shell/ports.ts';
import { createCloudAccess } from './cloud/cloud-access.ts';
import { deployToCloud, requestToTakeUp, type CloudPorts } from './cloud/cloud-deploy.ts';
import { PROVIDER_TITLES, type OpenProvider } from './cloud/credentials.ts';
import { deleteServer } from './cloud/delete-server.ts';
import { lookAtServer, LOOK_STEPS } from './look.ts';
import { createOperations } from './operations.ts';
import type { DeployPorts } from './ports.ts';
import { checkRequest } from './request.ts';
import { createSiteLookups } from './site-lookups.ts';
import { createSiteSecrets } from './site-secrets.ts';
import { createSitesService, deployed, proven } from './sites-service.ts';
import { describeAddress } from './ssh/target.ts';
import type { OutlookStore } from './where/outlook-store.ts';
import { outlookByFacts, outlookByMap, outlookByMeasure, placeOf, rankRegions } from './where/outlook.ts';
import { legsHere, MIN_ORDERS, type LegHere } from './where/predict.ts';
import { VENUE_PLACES } from './where/venue-places.ts';

type AreaHandlers = Pick<IpcHandlers, Extract<keyof IpcHandlers, `sites.${string}` | `cloud.${string}`>>;

export interface SitesArea {
  handlers: AreaHandlers;
  state(): SitesState;
  /** Whether something works on this site, or looks at it, now. */
  isBusy(site: string): boolean;
  /** State of the agent's service, looked at over SSH now. @throws HalfspreadError HS_SITE_UNKNOWN, of ssh */
  serviceOf(site: string): Promise<ServiceState>;
  /** What the latest look found, and when (Unix ms). */
  seen(site: string): { service: ServiceState; at: number } | undefined;
  /** Something that `places` tells has changed. */
  changed(): void;
  /** Reads what is unfinished; call once at start. */
  load(): Promise<void>;
  /** Stops what runs (it stays resumable) and waits for it. */
  stop(): Promise<void>;
}

export interface SitesAreaOptions {
  ports: Omit<DeployPorts, 'confirmHostKey'>;
  cloud: Omit<CloudPorts, 'provider'>;
  openProvider: OpenProvider;
  outlooks: OutlookStore;
  askSecret: AskSecret;
  /** Where the desk runs and ran. */
  places(): {
    /** Of this machine's engine, as it is known now. */
    snapshotHere: Snapshot | undefined;
    links: SitesState['links'];
    figures: SitesState['figures'];
  };
  /** Of lists that could not be read at start. */
  setAside: readonly WireError[];
  /** The state has changed; at most ten times a second. */
  onChange(): void;
  /** An operation has ended: for a notification. */
  onEnded(operation: Operation): void;
}

const EMIT_MS = 100;
/** Less memory than the preflight accepts. */
const MIN_RAM_MIB = 450;

/** Everything the window does with sites: servers that are there, servers at clouds, secrets, looks, predictions. */
export function createSitesArea(options: SitesAreaOptions): SitesArea {
  const { outlooks, askSecret } = options;
  let emitting: NodeJS.Timeout | undefined;

  function changed(): void {
    emitting ??= setTimeout(() => {
      emitting = undefined;
      options.onChange();
    }, EMIT_MS);
  }

  const operations = createOperations({
    nowMs: options.ports.nowMs,
    onChange: changed,
    beforeEnd: afterwards,
    onEnded: options.onEnded,
  });
  const ports: DeployPorts = { ...options.ports, confirmHostKey: operations.confirmHostKey };
  const store = ports.secrets;
  const secrets = createSiteSecrets({ store, askSecret, onChange: changed });
  const access = createCloudAccess({ store, askSecret, openProvider: options.openProvider, onChange: changed });
  const cloud: CloudPorts = { ...options.cloud, provider: access.provider };
  const service = createSitesService(ports, operations);
  const lookups = createSiteLookups({
    status: async (site) => service.handlers['sites.status']({ site }),
    nowMs: ports.nowMs,
    onChange: changed,
  });

  const here = (): LegHere[] => {
    const snapshot = options.places().snapshotHere;
    return snapshot ? legsHere(snapshot) : [];
  };

  /** Before an operation leaves the running ones: what it left behind is read, so that nothing flickers. */
  async function afterwards(operation: Operation): Promise<void> {
    const { site } = operation;
    try {
      await service.load();
      if (!ports.sites.get(site)) lookups.forget(site);
      const isGone = !ports.sites.get(site) && !cloud.servers.ofSite(site);
      if (isGone && operation.state === 'done' && operation.kind !== 'look') await outlooks.remove(site);
    } catch (error) {
      operation.error ??= toWireError(error);
    }
    if (ports.sites.get(site) && operation.kind !== 'look') lookups.look(site);
  }

  function state(): SitesState {
    const sites = [...ports.sites.list()];
    const places = options.places();
    return {
      version: ports.version,
      sites,
      unfinished: service.unfinished().filter(({ site }) => !operations.isRunning(site)),
      operations: operations.list(),
      questions: operations.questions(),
      cloudServers: cloud.servers.list().flatMap((record) => {
        const { site, provider, region, plan, price, state: stage, ipv4, createdAt } = record;
        if (stage === 'gone') return [];
        return [
          { site, provider, title: PROVIDER_TITLES[provider], region, plan, price, state: stage, ipv4, createdAt },
        ];
      }),
      access: access.views(),
      secrets: secrets.views(),
      lookups: lookups.views(),
      outlooks: outlooks.list().map((outlook) => {
        const measured = sites.find(({ name }) => name === outlook.site)?.measured;
        return { ...outlook, ...(measured && { measured: outlookByMeasure(measured, legsOf(outlook.prediction)) }) };
      }),
      links: places.links,
      figures: places.figures,
      setAside: [...options.setAside],
    };
  }

  /** Kept before the first deploy of a site, to be held against what is measured there. */
  async function keepOutlook(site: string, prediction: Prediction): Promise<void> {
    if (ports.sites.get(site)) return;
    await outlooks.put({ site, at: ports.nowMs(), prediction });
  }

  /** What the latest look at the same server promised, else what is measured from here alone. */
  function outlookOf(site: string): Prediction {
    const look = operations.list().find((one) => one.site === site && one.kind === 'look')?.look;
    return look?.prediction ?? outlookByMap(undefined, here());
  }

  async function regionsOf(id: Parameters<typeof access.provider>[0]) {
    return (await access.provider(id)).regions(AbortSignal.timeout(45_000));
  }

  const handlers: AreaHandlers = {
    ...service.handlers,
    'sites.state': () => state(),
    async 'sites.deploy'(request) {
      const checked = checkRequest(request);
      if (!operations.isRunning(checked.name)) await keepOutlook(checked.name, outlookOf(checked.name));
      return service.handlers['sites.deploy'](checked);
    },
    async 'sites.resume'({ site }) {
      const record = cloud.servers.ofSite(site);
      // A server on record without a site: also what came before the deploy is gone through again; done steps change nothing.
      if (record && !ports.sites.get(site)) return beginCloud(requestToTakeUp(record));
      return service.handlers['sites.resume']({ site });
    },
    'sites.secret': async ({ site, kind, forget }) => {
      if (forget) await secrets.forget(site, kind);
      else secrets.ask(site, kind);
      return {};
    },
    'sites.refresh': ({ site }) => {
      if (site !== undefined) ports.sites.need(site);
      const names = site === undefined ? ports.sites.list().map(({ name }) => name) : [site];
      for (const name of names) if (!operations.isRunning(name)) lookups.look(name);
      return {};
    },
    'sites.look'(request) {
      const checked = checkRequest(request);
      const { host, port, user } = checked;
      return operations.begin(
        { site: checked.name, kind: 'look', target: describeAddress({ host, port, user }), steps: LOOK_STEPS },
        async ({ signal, emit }) => {
          const { facts, findings } = await lookAtServer(checked, { ports, signal, emit });
          return { look: { facts, findings, prediction: outlookByFacts(facts, ports.endpoints, here()) } };
        },
      );
    },
    'sites.where'() {
      const desk = options.places().snapshotHere?.desk;
      return {
        legs: here(),
        minOrders: MIN_ORDERS,
        ...(desk?.mode === 'practice' && { practiceLine: desk.network }),
        places: VENUE_NAMES.flatMap((venue) => {
          const city = VENUE_PLACES[venue]?.city;
          return city === undefined ? [] : [{ venue, city }];
        }),
      };
    },
    'sites.dismiss'({ operationId }) {
      operations.dismiss(operationId);
      return {};
    },
    'sites.deleteServer': ({ site, override }) =>
      operations.begin({ site, kind: 'deleteServer', steps: deleteStepIds }, ({ signal, emit }) =>
        proven(deleteServer(site, override, { deploy: ports, cloud }, { signal, emit })),
      ),
    async 'cloud.token'({ provider, forget }) {
      if (forget) await access.forget(provider);
      else access.ask(provider);
      return {};
    },
    'cloud.check'({ provider }) {
      access.check(provider);
      return {};
    },
    'cloud.regions': async ({ provider }) => ({ regions: rankRegions(await regionsOf(provider), here()) }),
    async 'cloud.plans'({ provider, region }) {
      const plans = await (await access.provider(provider)).plans(region, AbortSignal.timeout(45_000));
      return { plans: plans.filter(({ ramMib }) => ramMib >= MIN_RAM_MIB) };
    },
    async 'cloud.deploy'(request) {
      const region = (await regionsOf(request.provider)).find(({ id }) => id === request.region);
      if (!region) throw noRegion(PROVIDER_TITLES[request.provider], request.region);
      if (!operations.isRunning(request.name)) {
        await keepOutlook(request.name, outlookByMap(placeOf(region), here()));
      }
      return beginCloud(request);
    },
  };

  function beginCloud(request: Parameters<typeof deployToCloud>[0]): { operationId: string } {
    const { name, provider, region } = request;
    const [desk, ...rest] = deployStepIds;
    const own = cloudStepIds.filter((step) => step !== 'cloudRotate' || provider === 'hetzner');
    return operations.begin(
      {
        site: name,
        kind: 'deploy',
        target: `${PROVIDER_TITLES[provider]} ${region}`,
        steps: [desk, ...own, ...rest],
      },
      ({ signal, emit }) => deployed(deployToCloud(request, { deploy: ports, cloud }, { signal, emit })),
    );
  }

  const stopListening = ports.sites.onChange(changed);
  return {
    handlers,
    state,
    changed,
    isBusy: operations.isRunning,
    seen(name) {
      const { status, at } = lookups.views().find(({ site }) => site === name) ?? {};
      return status && at !== undefined ? { service: status.service, at } : undefined;
    },
    serviceOf: async (site) => (await service.handlers['sites.status']({ site })).service,
    async load() {
      await service.load();
      changed();
    },
    async stop() {
      stopListening();
      await operations.stopAll();
      clearTimeout(emitting);
    },
  };
}

function legsOf({ legs }: Prediction): LegHere[] {
  return legs.flatMap(({ here }) => (here ? [here] : []));
}

function noRegion(title: string, region: string): HalfspreadError {
  return new HalfspreadError(
    'HS_CLOUD_REGION',
    `${title} has no region "${region}". No server was made.`,
    'Choose one of the list.',
  );
}
