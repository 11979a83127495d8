/** What the person does with modes and arming, with what is under way and what failed. */
import type { ArmingLimits } from '../../engine/protocol/arming.ts';
import type { Mode } from '../../engine/protocol/model.ts';
import type { EndpointsChoice } from '../../main/ipc/endpoint-schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';

type Act = 'choose' | 'endpoints' | 'probe' | 'config' | 'arm' | 'disarm';

class ModeActions {
  /** What is under way, and since when. */
  busy = $state.raw<{ act: Act; sinceAt: number }>();
  failed = $state.raw<{ act: Act; failure: Failure }>();
  /** Addresses that are typed and not yet taken: nothing is probed or started meanwhile. */
  draft = $state.raw<EndpointsChoice>();
  /** The config file could not be shown by the desktop: the path is all there is. */
  configNotOpened = $state(false);

  /** Makes the config file where there is none, and has it checked. */
  prepare(): Promise<boolean> {
    return this.#run('config', () => session.call('modes.prepare', {}));
  }

  choose(mode: Mode, acceptUnknown: boolean): Promise<boolean> {
    return this.#run('choose', () => session.call('modes.choose', { mode, acceptUnknown }));
  }

  setEndpoints(endpoints: EndpointsChoice): Promise<boolean> {
    return this.#run('endpoints', () => session.call('modes.setEndpoints', endpoints));
  }

  probe(): Promise<boolean> {
    return this.#run('probe', () => session.call('modes.probe', {}));
  }

  cancelProbe(): Promise<boolean> {
    return this.#run('probe', () => session.call('modes.cancelProbe', {}));
  }

  openConfig(): Promise<boolean> {
    return this.#run('config', async () => {
      const { opened } = await session.call('modes.openConfig', {});
      this.configNotOpened = !opened;
    });
  }

  arm(limits: ArmingLimits, typedNotionalUsd: number): Promise<boolean> {
    return this.#run('arm', () => session.call('arm.begin', { limits, typedNotionalUsd }));
  }

  disarm(): Promise<boolean> {
    return this.#run('disarm', () => session.call('arm.disarm', {}));
  }

  /** Resolves with whether it was done; why not is in `failed`. */
  async #run(act: Act, work: () => Promise<unknown>): Promise<boolean> {
    this.busy = { act, sinceAt: Date.now() };
    this.failed = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.failed = { act, failure: failureOf(error) };
      return false;
    } finally {
      this.busy = undefined;
    }
  }
}

export const modeActions = new ModeActions();

/** The mode of the desk on screen, or of the one that is to come. Reads the session: use inside a template or `$derived`. */
export function currentMode(): Mode {
  return session.modes?.mode ?? session.snapshot?.desk.mode ?? 'practice';
}

/** The live engine ended with something at stake, and none has looked at the venues since. */
export function isExposureUnknown(): boolean {
  return session.modes?.exposureUnknownSince !== undefined;
}

export function isArmed(): boolean {
  return session.snapshot?.arming?.state === 'armed';
}

export function isDisarmed(): boolean {
  return session.snapshot?.arming?.state === 'disarmed';
}
