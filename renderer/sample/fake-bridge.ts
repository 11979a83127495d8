import type { AlertsState } from '../../main/ipc/alert-schema.ts';
import type { ArmingReport } from '../../engine/protocol/arming.ts';
import type { ModesState, PendingCode } from '../../main/ipc/mode-schema.ts';
import type { AppState, IpcBridge, IpcCallName, IpcEventName } from '../../main/ipc/schema.ts';
import type { Snapshot } from '../../engine/protocol/model.ts';

/**
 * A stand-in for the preload's bridge, for the sample page and for tests. Self-contained: it is also turned into text
 * and run in a page before its scripts.
 */
export function createFakeBridge(
  app: AppState,
  snapshot: Snapshot | undefined,
  alerts: AlertsState = { inbox: [], unread: 0, desktop: { state: 'untried' } },
  modes?: { state: ModesState; pending?: PendingCode; report?: ArmingReport },
): IpcBridge & {
  emit: (name: IpcEventName, data: unknown) => void;
  calls: { name: IpcCallName; input: unknown }[];
} {
  const listeners = new Map<IpcEventName, Set<(data: never) => void>>();
  const calls: { name: IpcCallName; input: unknown }[] = [];
  return {
    calls,
    emit: (name, data) => listeners.get(name)?.forEach((listener) => listener(data as never)),
    call: (name, input) => {
      calls.push({ name, input });
      if (name === 'app.open') return Promise.resolve({ app, snapshot, alerts } as never);
      if (name === 'modes.open' && modes) {
        return Promise.resolve({ modes: modes.state, pending: modes.pending } as never);
      }
      if (name === 'arm.check') return Promise.resolve(modes?.report as never);
      return Promise.resolve({} as never);
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as (data: never) => void));
      return () => void set.delete(listener as (data: never) => void);
    },
  };
}
