import type { VenueEndpoints, VenueName } from '../../engine/protocol/endpoints.ts';
import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { Mode, Snapshot } from '../../engine/protocol/model.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { DeskPlan, LocalDesk } from '../engines/local-desk.ts';
import type { EndpointsChoice } from '../ipc/endpoint-schema.ts';
import type { ModeObstacle, ModesState, Places } from '../ipc/mode-schema.ts';
import type { PracticeChoice } from '../ipc/schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { KeyRecord } from '../ipc/key-schema.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { ModeSettings } from '../settings/settings.ts';
import type { Arming } from './arming.ts';
import type { DeskConfig } from './desk-config.ts';
import { DEFAULT_ENDPOINTS, deskFolderName, hostOf, resolveEndpoints, sameEndpoints } from './endpoints.ts';
import { exposedNow, hadAtStake } from './exposure.ts';
import { holdingBack, lacking, modeRefused, type ModeFacts } from './obstacles.ts';
import type { Probes } from './probe.ts';

export interface ModesOptions {
  settings: { get(): { modes?: ModeSettings }; set(change: { modes: ModeSettings }): Promise<void> };
  desk: Pick<LocalDesk, 'states' | 'start' | 'choose'>;
  /** The latest of the desk that runs. */
  snapshot(): Snapshot | undefined;
  practiceChoice(): PracticeChoice;
  /** Absolute path of a desk's own folder. */
  folder(name: string): string;
  keys: KeyRing | undefined;
  config: DeskConfig;
  probes: Probes;
  arming: Pick<Arming, 'attempt' | 'isArmed' | 'observe'>;
  openFile(path: string): Promise<boolean>;
  now(): number;
  onChange(): void;
  /** Another desk comes: what is known of this one is of no use any more. */
  onDeskReplaced(): void;
  log(record: LogRecord): void;
}

type ModeHandlers = Pick<
  IpcHandlers,
  'modes.prepare' | 'modes.choose' | 'modes.setEndpoints' | 'modes.probe' | 'modes.cancelProbe' | 'modes.openConfig'
>;

/** Practice, paper or live: which desk runs on this machine, and what has to be there before it may. */
export interface Modes {
  state(): ModesState;
  /** The mode of the last run, or what it waits for. Live comes disarmed: an engine starts so. */
  start(): Promise<void>;
  /** Practice was chosen anew (tape, network, fees): takes effect where practice runs. */
  practiceChanged(): Promise<void>;
  /** Processes, snapshot or keys changed. */
  observe(): void;
  /** Whether the live desk of this machine trades with this key: it is not taken from under it. */
  isHeld(record: KeyRecord): boolean;
  handlers: ModeHandlers;
}

export function createModes(options: ModesOptions): Modes {
  const { settings, desk, probes, config, arming } = options;
  let plan: DeskPlan | undefined;
  let hasStarted = false;
  let switching = false;
  let exposureUnknown: { since: number; bootId: string | undefined } | undefined;

  const chosen = (): ModeSettings => settings.get().modes ?? { mode: 'practice', endpoints: DEFAULT_ENDPOINTS };

  /** For the next start. */
  const addresses = () => addressesOf(chosen().endpoints);
  /** For the desk of the last run. */
  function lastAddresses(): VenueEndpoints | undefined {
    const { running, endpoints } = chosen();
    return addressesOf(running ?? endpoints);
  }

  function factsOf(endpoints: VenueEndpoints | undefined): ModeFacts {
    const keys = endpoints && options.keys?.inUse(endpoints);
    return {
      endpoints,
      probed: (venue) => endpoints && probes.found(endpoints, venue),
      hasKey: (venue) => keys?.[venue] !== undefined,
      hasConfig: config.valid() !== undefined,
    };
  }

  const mode = (): Mode => plan?.mode ?? chosen().mode;

  function leaving(): ModeObstacle[] {
    if (!plan && mode() !== 'live') return [];
    return holdingBack(exposedNow(mode(), desk.states(), options.snapshot()), arming.isArmed());
  }

  function planFor(next: Mode, endpoints: VenueEndpoints | undefined): DeskPlan {
    if (next === 'practice') {
      return { mode: next, choice: options.practiceChoice(), dataFolder: options.folder('practice') };
    }
    const text = config.valid();
    if (!endpoints || !text) throw modeRefused(next, { code: endpoints ? 'configMissing' : 'addressInvalid' });
    if (next === 'paper') {
      return { mode: next, endpoints, config: text, dataFolder: options.folder(deskFolderName(next, endpoints)) };
    }
    const { keys } = options;
    const inUse = keys?.inUse(endpoints);
    const accounts = (['paradex', 'vest'] as const).map((venue) => {
      const record = inUse?.[venue];
      if (!record) throw modeRefused(next, { code: 'keyMissing', venue });
      return record.account;
    });
    if (!keys) throw modeRefused(next, { code: 'keyMissing' });
    return {
      mode: next,
      endpoints,
      config: text,
      dataFolder: options.folder(deskFolderName(next, endpoints, accounts)),
      keys: () => keys.tradingKeys(endpoints),
    };
  }

  function isOutdated(): boolean {
    if (!plan || plan.mode === 'practice') return false;
    // It waits for a person, who may have mended by now what kept it from starting.
    if (desk.states().engine.state === 'blocked') return true;
    const endpoints = addresses();
    return (
      (endpoints !== undefined && !sameEndpoints(endpoints, plan.endpoints)) ||
      config.valid()?.text !== plan.config.text
    );
  }

  async function choose(next: Mode, acceptUnknown: boolean): Promise<void> {
    if (switching) {
      throw new HalfspreadError('HS_MODE_SWITCHING', 'The mode is being changed already.', 'Wait for it to be over.');
    }
    const endpoints = addresses();
    const lacks = lacking(next, factsOf(endpoints))[0];
    if (lacks) throw modeRefused(next, lacks);
    const holds = leaving().find(({ code }) => !(code === 'exposureUnknown' && acceptUnknown));
    if (holds) throw modeRefused(next, holds);
    if (plan?.mode === next && !isOutdated()) return;
    switching = true;
    options.onChange();
    try {
      const nextPlan = planFor(next, endpoints);
      const before = chosen();
      const { endpoints: draft } = before;
      await settings.set({ modes: { mode: next, endpoints: draft, ...(next !== 'practice' && { running: draft }) } });
      // Until the old desk has ended, it is the one that is shown. An agent that is not reached keeps its desk.
      try {
        await desk.choose(nextPlan);
      } catch (error) {
        await settings.set({ modes: before });
        throw error;
      }
      options.log({ level: 'info', message: `the mode is ${next} from now on (it was ${mode()})` });
      plan = nextPlan;
      exposureUnknown = undefined;
      options.onDeskReplaced();
    } finally {
      switching = false;
      options.onChange();
    }
  }

  /** Starts the desk of the last run when all it needs is there; asked again whenever something changes. */
  function startWaiting(): void {
    if (!hasStarted || plan || switching) return;
    const { mode: last } = chosen();
    const endpoints = lastAddresses();
    if (lacking(last, factsOf(endpoints)).length > 0) return;
    plan = planFor(last, endpoints);
    desk.start(plan);
  }

  /** A live engine that ended while something was at stake: nobody knows what is open until one has looked. */
  function watchExposure(): void {
    const snapshot = options.snapshot();
    const { engine } = desk.states();
    const isGone = engine.state === 'restarting' || engine.state === 'blocked';
    if (!exposureUnknown && isGone && mode() === 'live' && hadAtStake(snapshot)) {
      exposureUnknown = { since: options.now(), bootId: snapshot?.desk.bootId };
    }
    if (!exposureUnknown || !snapshot) return;
    const hasLooked = snapshot.desk.bootId !== exposureUnknown.bootId && snapshot.trading !== 'starting';
    if (hasLooked) exposureUnknown = undefined;
  }

  function runProbe(): void {
    const endpoints = addresses();
    if (!endpoints) throw modeRefused('paper', { code: 'addressInvalid' });
    probes
      .run(endpoints)
      .catch((error: unknown) =>
        options.log({ level: 'error', message: 'the probe was not carried out', detail: toWireError(error) }),
      );
  }

  return {
    state() {
      const endpoints = addresses();
      const facts = factsOf(endpoints);
      const keys = endpoints && options.keys?.inUse(endpoints);
      const leave = leaving();
      const before = (next: Mode): ModeObstacle[] => [...lacking(next, facts), ...leave];
      const keyOf = (venue: VenueName) => {
        const record = keys?.[venue];
        return record && { mayWithdraw: record.mayWithdraw, expiresAt: record.expiresAt };
      };
      return {
        mode: mode(),
        switching,
        waitsFor: plan ? [] : lacking(mode(), factsOf(lastAddresses())),
        ...(plan && plan.mode !== 'practice' && { running: placesOf(plan.endpoints) }),
        isOutdated: isOutdated(),
        endpoints: chosen().endpoints,
        ...(endpoints && { places: placesOf(endpoints) }),
        probe: probes.state(endpoints),
        config: config.state(),
        keys: { paradex: keyOf('paradex'), vest: keyOf('vest') },
        obstacles: { practice: before('practice'), paper: before('paper'), live: before('live') },
        attempt: arming.attempt(),
        ...(exposureUnknown && { exposureUnknownSince: exposureUnknown.since }),
      };
    },
    async start() {
      if (chosen().mode !== 'practice') await config.reload();
      hasStarted = true;
      startWaiting();
      options.onChange();
    },
    async practiceChanged() {
      if (plan?.mode !== 'practice') return;
      plan = planFor('practice', undefined);
      await desk.choose(plan);
    },
    observe() {
      watchExposure();
      arming.observe();
      startWaiting();
      options.onChange();
    },
    isHeld({ venue, id }) {
      if (plan?.mode !== 'live') return false;
      return options.keys?.inUse(plan.endpoints)[venue]?.id === id;
    },
    handlers: {
      async 'modes.prepare'() {
        await config.ensureFile();
        await config.reload();
        return {};
      },
      async 'modes.choose'({ mode: next, acceptUnknown }) {
        await choose(next, acceptUnknown);
        return {};
      },
      async 'modes.setEndpoints'(endpoints) {
        resolveEndpoints(endpoints);
        await settings.set({ modes: { ...chosen(), endpoints } });
        options.onChange();
        return {};
      },
      'modes.probe'() {
        runProbe();
        return {};
      },
      'modes.cancelProbe'() {
        probes.cancel();
        return {};
      },
      async 'modes.openConfig'() {
        await config.ensureFile();
        await config.reload();
        return { opened: await options.openFile(config.state().path) };
      },
    },
  };
}

/** Undefined for addresses that cannot be used: the window says so beside the field they stand in. */
function addressesOf(choice: EndpointsChoice): VenueEndpoints | undefined {
  try {
    return resolveEndpoints(choice);
  } catch (error) {
    if (error instanceof HalfspreadError) return undefined;
    throw error;
  }
}

function placesOf({ paradex, vest }: VenueEndpoints): Places {
  return {
    paradex: { network: paradex.network, host: hostOf(paradex) },
    vest: { network: vest.network, host: hostOf(vest) },
  };
}
