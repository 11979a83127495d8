import { randomBytes } from 'node:crypto';
import { COOKIE_BYTES } from '../../engine/protocol/handshake.ts';
import { applyEvent } from '../../engine/protocol/apply.ts';
import type { TradingKeys } from '../../engine/protocol/accounts.ts';
import type { VenueEndpoints } from '../../engine/protocol/endpoints.ts';
import {
  engineReadySchema,
  type DeskConfigText,
  type DeskLaunchInput,
  type EngineReady,
  type LaunchInput,
} from '../../engine/protocol/launch.ts';
import type { Command, SpikeSensitivity } from '../../engine/protocol/messages.ts';
import type { DeskEvent, Snapshot } from '../../engine/protocol/model.ts';
import type { LinkState, PracticeChoice, ProcessState } from '../ipc/schema.ts';
import { identityFor, newDeviceKey } from './device-key.ts';
import type { ProcessLauncher } from './launcher.ts';
import { connectEngine, linkDown, type EngineLink } from './link.ts';
import type { ProcessPolicy } from './process-machine.ts';
import type { Programs } from './programs.ts';
import { supervise } from './supervisor.ts';

const VENUES_READY_TIMEOUT_MS = 30_000;
const ENGINE_READY_TIMEOUT_MS = 30_000;
/** The desk closes its position first and gives itself 30 s for it (engine/desk.ts); the venues have nothing to lose. */
const ENGINE_STOP_TIMEOUT_MS = 35_000;
const VENUES_STOP_TIMEOUT_MS = 3_000;

/** The line practice imitates for an engine on a server: one near the venues. */
export const SERVER_LINE = 'vps-near';

/** What a desk of this machine runs on; a folder of its own for each mode, network and account. */
export type DeskPlan = { dataFolder: string } & (
  | { mode: 'practice'; choice: PracticeChoice }
  | { mode: 'paper'; endpoints: VenueEndpoints; config: DeskConfigText }
  | {
      mode: 'live';
      endpoints: VenueEndpoints;
      config: DeskConfigText;
      /** Asked at every start of the engine; the keys go into its hand-over and are kept nowhere. */
      keys: () => Promise<TradingKeys>;
    }
);

export interface LocalDeskOptions {
  programs: Pick<Programs, 'engine' | 'practice'>;
  launcher: ProcessLauncher;
  pipePath: string;
  policy?: ProcessPolicy;
  /** Asked at every start of the engine. */
  spikeSensitivity?(): SpikeSensitivity;
  /** Process or link state changed: read `states()`. */
  onChange(): void;
  onSnapshot(snapshot: Snapshot): void;
  /** @param snapshot with this event in it */
  onEvent(sequence: number, event: DeskEvent, snapshot: Snapshot): void;
  onLog(process: 'engine' | 'venues', line: string): void;
}

/**
 * The desk of this machine: its engine and the link to it; in practice, the venues too. The engine may be elsewhere: then
 * here are only the venues of practice.
 */
export interface LocalDesk {
  states(): { engine: ProcessState; venues: ProcessState; link: LinkState };
  /** @param hasEngine whether its engine runs on this machine */
  start(plan: DeskPlan, hasEngine?: boolean): void;
  /** Another plan: engine stopped (it closes what is open first), venues stopped, then what the plan needs started. */
  choose(plan: DeskPlan): Promise<void>;
  /** Ends the engine here (it closes what is open first) or starts it here; the venues of practice go on. */
  setEngineHere(hasEngine: boolean): Promise<void>;
  /** What the practice venues say of themselves: another object at each start of them; undefined while none run. */
  venues(): unknown;
  /** @param authorize sign it with this device's key: only for what a person has confirmed outside of the window. */
  command(command: Command, authorize?: boolean): Promise<unknown>;
  /** Starts what was given up; ends what runs first (an engine that does not answer) and starts it again. */
  startAgain(process: 'engine' | 'venues'): Promise<void>;
  /** Resolves when both processes have ended, the engine first. */
  stop(): Promise<void>;
}

/**
 * Order of things in practice: venues, then engine with the venues' addresses, then the link. A crash of the engine leaves
 * the venues alone. Venues that come back have new addresses, so the engine is stopped and started with those. In paper and
 * live there is the engine alone.
 */
export function createLocalDesk(options: LocalDeskOptions): LocalDesk {
  const device = newDeviceKey();
  let plan: DeskPlan | undefined;
  let venuesDescription: unknown;
  /** Ties the link to this start of the engine. */
  let cookie = '';
  let link: EngineLink | undefined;
  /** Choices are carried out one after the other. */
  let queue: Promise<void> = Promise.resolve();
  let stopping = false;
  let hasEngineHere = true;

  const venues = supervise<unknown>({
    title: 'The practice venues',
    launcher: options.launcher,
    spec: () => ({
      name: 'venues',
      script: options.programs.practice,
      args: venuesArgs(plan),
      endWithInputArg: '--exit-with-parent',
    }),
    parseReady: (line) => parseObject(line),
    onReady(description) {
      venuesDescription = description;
      void enqueue(async () => {
        // Another plan came in between: these venues are on their way out.
        if (venuesDescription !== description) return;
        // After a crash of the venues the engine still runs, with addresses nobody serves any more.
        await engine.stop();
        if (!stopping && hasEngineHere) engine.start();
      });
      options.onChange();
    },
    onGone: () => (venuesDescription = undefined),
    onState: () => options.onChange(),
    onLog: (line) => options.onLog('venues', line),
    policy: options.policy,
    readyTimeoutMs: VENUES_READY_TIMEOUT_MS,
    stopTimeoutMs: VENUES_STOP_TIMEOUT_MS,
  });

  const engine = supervise<EngineReady>({
    title: 'The engine',
    launcher: options.launcher,
    async spec() {
      const desk = await launchOf(plan, venuesDescription);
      cookie = randomBytes(COOKIE_BYTES).toString('base64');
      const handover: LaunchInput = {
        cookie,
        devicePublicKey: device.publicKey,
        desk,
        options: {
          dataFolder: plan?.dataFolder ?? '',
          pipePath: options.pipePath,
          spikes: options.spikeSensitivity?.(),
        },
      };
      return { name: 'engine', script: options.programs.engine, args: [], handover };
    },
    parseReady: (line) => engineReadySchema.parse(parseObject(line)),
    onReady(ready) {
      let snapshot: Snapshot | undefined;
      link = connectEngine(ready.pipe, identityFor(device, 'operate', cookie, ready.agentPublicKey), {
        onState: () => options.onChange(),
        onSnapshot(next) {
          snapshot = next;
          options.onSnapshot(next);
        },
        onEvent(sequence, event) {
          if (!snapshot) return;
          snapshot = applyEvent(snapshot, sequence, event);
          options.onEvent(sequence, event, snapshot);
        },
      });
    },
    onGone() {
      link?.stop();
      link = undefined;
    },
    onState: () => options.onChange(),
    onLog: (line) => options.onLog('engine', line),
    policy: options.policy,
    // The engine of a program that was killed: it sees that, closes its position and ends.
    mustWait: ({ code }) => code === 'HS_DATA_IN_USE',
    readyTimeoutMs: ENGINE_READY_TIMEOUT_MS,
    stopTimeoutMs: ENGINE_STOP_TIMEOUT_MS,
  });

  function enqueue(step: () => Promise<void>): Promise<void> {
    const result = queue.then(step);
    queue = result.catch((error: unknown) => options.onLog('engine', `supervision: ${String(error)}`));
    return result;
  }

  /** Without an engine to connect to: on its way while a process is, else lost. */
  function stateWithoutLink(...processes: ProcessState[]): LinkState {
    const isComing = processes.some(({ state }) => state === 'starting' || state === 'restarting');
    return { state: isComing ? 'connecting' : 'lost', rtt: { n: 0 }, attempt: 0 };
  }

  return {
    states() {
      const states = { engine: engine.state(), venues: venues.state() };
      return { ...states, link: link?.state() ?? stateWithoutLink(states.engine, states.venues) };
    },
    start(first, hasEngine = true) {
      plan = first;
      hasEngineHere = hasEngine;
      startFirst(first);
    },
    choose: (next) =>
      enqueue(async () => {
        await engine.stop();
        await venues.stop();
        plan = next;
        if (!stopping) startFirst(next);
      }),
    setEngineHere: (hasEngine) =>
      enqueue(async () => {
        hasEngineHere = hasEngine;
        if (!hasEngine) await engine.stop();
        else if (!stopping && plan) startAgain(plan);
      }),
    venues: () => venuesDescription,
    command: (command, authorize) => link?.command(command, authorize) ?? Promise.reject(linkDown()),
    startAgain: (process) =>
      enqueue(async () => {
        await engine.stop();
        if (process === 'venues' || venues.state().state === 'blocked') await venues.stop();
        if (!stopping && plan) startAgain(plan);
      }),
    async stop() {
      stopping = true;
      await engine.stop();
      await venues.stop();
      // A step that was under way may have started one of them again before it saw `stopping`.
      await queue;
      await engine.stop();
      await venues.stop();
    },
  };

  /** What has to run before anything else can. */
  function startFirst({ mode }: DeskPlan): void {
    if (mode === 'practice') venues.start();
    else if (hasEngineHere) engine.start();
  }

  /** Venues that are ready start the engine; those that run already have been. */
  function startAgain(now: DeskPlan): void {
    if (now.mode === 'practice' && venues.state().state !== 'running') venues.start();
    else if (hasEngineHere) engine.start();
  }
}

/**
 * What an engine is handed. The keys are in it: it goes to the process, or sealed to the agent, and nowhere else.
 * @param venues description of the practice venues, for an engine at the place in question
 */
export async function launchOf(plan: DeskPlan | undefined, venues: unknown): Promise<DeskLaunchInput> {
  if (!plan || plan.mode === 'practice') return { mode: 'practice', venues };
  const { mode, endpoints, config } = plan;
  if (mode === 'paper') return { mode, endpoints, config };
  return { mode, endpoints, config, keys: await plan.keys() };
}

function venuesArgs(plan: DeskPlan | undefined): string[] {
  if (plan?.mode !== 'practice') return ['--json'];
  const { tape, network, fees } = plan.choice;
  // A second line to the same venues, for an engine on a server.
  return ['--tape', tape, '--network', network, '--line', SERVER_LINE, '--fees', fees, '--json'];
}

function parseObject(line: string): object {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) throw new TypeError('not a JSON object');
  return value;
}
