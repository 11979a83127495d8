/** What the person does with alerts, and why it failed. */
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';

class AlertActions {
  failed = $state.raw<Failure>();

  read(ids?: number[]): void {
    void this.#call(session.callAlerts('alerts.read', ids ? { ids } : {}));
  }

  /** @param forMs undefined: until it is unmuted */
  mute(forMs: number | undefined): void {
    void this.#call(session.callAlerts('alerts.mute', { until: forMs === undefined ? 'unmuted' : Date.now() + forMs }));
  }

  unmute(): void {
    void this.#call(session.callAlerts('alerts.mute', {}));
  }

  quiet(hours: { fromMinute: number; toMinute: number } | undefined): void {
    void this.#call(session.callAlerts('alerts.quiet', { hours }));
  }

  async #call(call: Promise<void>): Promise<void> {
    try {
      await call;
      this.failed = undefined;
    } catch (error) {
      this.failed = failureOf(error);
    }
  }
}

export const alertActions = new AlertActions();
