import type { AlertsState } from '../../main/ipc/alert-schema.ts';
import type { DesktopState } from '../../main/ipc/desktop-schema.ts';
import type { SitesState } from '../../main/ipc/site-schema.ts';
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
  answers: Partial<Record<IpcCallName, unknown>> = {
    'keys.open': { keys: { storage: { kind: 'keychain', state: 'ready' }, keys: [], unlisted: 0 } },
  },
  desktop: DesktopState = {
    startAtLogin: { state: 'off' },
    firstRun: 'done',
    spikeSensitivity: 'usual',
    preferredShell: 'desktop',
    folders: { config: '/config', data: '/data', logs: '/data/logs' },
    sleep: { state: 'untried' },
  },
  sites?: SitesState,
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
      return Promise.resolve(
        (name === 'app.open' ? { app, snapshot, alerts, desktop, sites } : (answers[name] ?? {})) as never,
      );
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener as (data: never) => void));
      return () => void set.delete(listener as (data: never) => void);
    },
  };
}
