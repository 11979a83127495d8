import { randomBytes } from 'node:crypto';
import { COOKIE_BYTES } from '../../engine/protocol/handshake.ts';
import { engineReadySchema, type EngineReady, type LaunchInput } from '../../engine/protocol/launch.ts';
import type { Command } from '../../engine/protocol/messages.ts';
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

export interface LocalDeskOptions {
  programs: Programs;
  launcher: ProcessLauncher;
  dataFolder: string;
  pipePath: string;
  policy?: ProcessPolicy;
  /** Process or link state changed: read `states()`. */
  onChange(): void;
  onSnapshot(snapshot: Snapshot): void;
  onEvent(sequence: number, event: DeskEvent): void;
  onLog(process: 'engine' | 'venues', line: string): void;
}

/** The practice desk of this machine: venues, engine, and the link to it. */
export interface LocalDesk {
  states(): { engine: ProcessState; venues: ProcessState; link: LinkState };
  start(choice: PracticeChoice): void;
  /** Another tape, network or fee schedule: engine stopped, venues restarted, engine started. */
  choose(choice: PracticeChoice): Promise<void>;
  command(command: Command): Promise<unknown>;
  /** Resolves when both processes have ended, the engine first. */
  stop(): Promise<void>;
}

/**
 * Order of things: venues, then engine with the venues' addresses, then the link. A crash of the engine leaves the venues
 * alone. Venues that come back have new addresses, so the engine is stopped and started with those.
 */
export function createLocalDesk(options: LocalDeskOptions): LocalDesk {
  const device = newDeviceKey();
  let choice: PracticeChoice | undefined;
  let venuesDescription: unknown;
  let launch: LaunchInput | undefined;
  let link: EngineLink | undefined;
  /** Choices are carried out one after the other. */
  let queue: Promise<void> = Promise.resolve();
  let stopping = false;

  const venues = supervise<unknown>({
    title: 'The practice venues',
    launcher: options.launcher,
    spec: () => ({
      name: 'venues',
      script: options.programs.practice,
      args: venuesArgs(choice),
      endWithInputArg: '--exit-with-parent',
    }),
    parseReady: (line) => parseObject(line),
    onReady(description) {
      venuesDescription = description;
      void enqueue(async () => {
        // After a crash of the venues the engine still runs, with addresses nobody serves any more.
        await engine.stop();
        if (!stopping) engine.start();
      });
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
    spec() {
      launch = {
        cookie: randomBytes(COOKIE_BYTES).toString('base64'),
        devicePublicKey: device.publicKey,
        desk: { mode: 'practice', venues: venuesDescription },
        options: { dataFolder: options.dataFolder, pipePath: options.pipePath },
      };
      return { name: 'engine', script: options.programs.engine, args: [], handover: launch };
    },
    parseReady: (line) => engineReadySchema.parse(parseObject(line)),
    onReady(ready) {
      if (!launch) return;
      link = connectEngine(ready.pipe, identityFor(device, 'operate', launch.cookie, ready.agentPublicKey), {
        onState: () => options.onChange(),
        onSnapshot: (snapshot) => options.onSnapshot(snapshot),
        onEvent: (sequence, event) => options.onEvent(sequence, event),
      });
    },
    onGone() {
      link?.stop();
      link = undefined;
    },
    onState: () => options.onChange(),
    onLog: (line) => options.onLog('engine', line),
    policy: options.policy,
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
    start(first) {
      choice = first;
      venues.start();
    },
    choose: (next) =>
      enqueue(async () => {
        choice = next;
        await engine.stop();
        await venues.stop();
        if (!stopping) venues.start();
      }),
    command: (command) => link?.command(command) ?? Promise.reject(linkDown()),
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
}

function venuesArgs(choice: PracticeChoice | undefined): string[] {
  const chosen = choice ? ['--tape', choice.tape, '--network', choice.network, '--fees', choice.fees] : [];
  return [...chosen, '--json'];
}

function parseObject(line: string): object {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) throw new TypeError('not a JSON object');
  return value;
}
