import type { Availability } from '../../ipc/availability-schema.ts';
import type { PowerEvent, PowerHost } from '../power.ts';
import type { ElectronDesktopPort } from './desktop-port.ts';

const EVENTS = {
  suspend: 'suspend',
  resume: 'resume',
  'lock-screen': 'lockScreen',
  'unlock-screen': 'unlockScreen',
} as const satisfies Record<string, PowerEvent>;

/** macOS and Windows say that they go to sleep, and wait for nobody: there is no more than what is done at once. */
const DOES_NOT_WAIT: Availability = {
  state: 'limited',
  reason: {
    code: 'HS_POWER_NO_WAIT',
    message: 'Sleep is heard of, but this system does not wait for us.',
    remedy: 'Entries are paused at once; look at the alerts when the machine is awake.',
  },
};

/** Sleep and screen lock through Electron. */
export function createElectronPower(
  powerMonitor: ElectronDesktopPort['powerMonitor'],
  onEvent: (event: PowerEvent) => void,
): PowerHost {
  const listeners = Object.entries(EVENTS).map(([name, event]) => ({
    name: name as keyof typeof EVENTS,
    listener: () => onEvent(event),
  }));
  for (const { name, listener } of listeners) powerMonitor.on(name, listener);
  return {
    holdSleep: () => undefined,
    allowSleep: () => undefined,
    availability: () => ({ sleep: DOES_NOT_WAIT, lock: { state: 'available' } }),
    stop: () => listeners.forEach(({ name, listener }) => powerMonitor.off(name, listener)),
  };
}
