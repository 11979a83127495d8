import { Message, Variant, type MessageBus } from '@jellybrick/dbus-next';
import { errorMessage, type WireError } from '../../../engine/protocol/errors.ts';
import type { Availability } from '../../ipc/availability-schema.ts';
import type { PowerEvent, PowerHost } from '../power.ts';
import { connectSystemBus } from './session-bus.ts';
import { createSleepInhibitor } from './sleep-inhibitor.ts';

const LOGIND = 'org.freedesktop.login1';
const MANAGER_PATH = '/org/freedesktop/login1';
const MANAGER = 'org.freedesktop.login1.Manager';
const SESSION = 'org.freedesktop.login1.Session';
const USER = 'org.freedesktop.login1.User';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const DBUS = 'org.freedesktop.DBus';

export interface LogindPowerOptions {
  environment: Record<string, string | undefined>;
  pid: number;
  userId: number;
  onEvent(event: PowerEvent): void;
  /** `availability()` changed. */
  onChange(): void;
}

/** Sleep and screen lock of Linux through logind, on the system's D-Bus. Without it nothing is told, and it says why. */
export function createLogindPower(options: LogindPowerOptions): PowerHost {
  let sleep: Availability = { state: 'untried' };
  let lock: Availability = { state: 'untried' };
  let bus: MessageBus | undefined;
  let sessionPath: string | undefined;
  let isLocked = false;
  let isStopped = false;
  const inhibitor = createSleepInhibitor(options.environment, (reason) => {
    sleep = { state: 'limited', reason: noInhibitor(reason) };
    options.onChange();
  });

  function setUnavailable(reason: string): void {
    bus = undefined;
    if (isStopped) return;
    sleep = { state: 'unavailable', reason: noLogind(reason) };
    lock = sleep;
    inhibitor.release();
    options.onChange();
  }

  function tellLocked(next: boolean): void {
    if (next === isLocked) return;
    isLocked = next;
    options.onEvent(next ? 'lockScreen' : 'unlockScreen');
  }

  function onMessage({ type, interface: from, member, path, body }: Message): void {
    if (type !== SIGNAL) return;
    if (from === MANAGER && member === 'PrepareForSleep') {
      options.onEvent(body[0] === true ? 'suspend' : 'resume');
      return;
    }
    if (path !== sessionPath) return;
    if (from === SESSION && (member === 'Lock' || member === 'Unlock')) tellLocked(member === 'Lock');
    if (from !== PROPERTIES || member !== 'PropertiesChanged' || body[0] !== SESSION) return;
    const hint: unknown = (body[1] as Record<string, unknown>)['LockedHint'];
    if (hint instanceof Variant && typeof hint.value === 'boolean') tellLocked(hint.value);
  }

  async function connect(): Promise<void> {
    const connected = await connectSystemBus(options.environment, () =>
      setUnavailable('the D-Bus system bus has gone'),
    );
    if ('reason' in connected) return setUnavailable(connected.reason);
    if (isStopped) return connected.bus.disconnect();
    bus = connected.bus;
    bus.on('message', onMessage);
    await match(bus, `type='signal',sender='${LOGIND}',interface='${MANAGER}',member='PrepareForSleep'`);
    await findSession(bus);
    await hold();
  }

  /** The session this process belongs to; a service outside of one takes its user's display. */
  async function findSession(on: MessageBus): Promise<void> {
    try {
      sessionPath = await ownSession(on);
      await match(on, `type='signal',sender='${LOGIND}',path='${sessionPath}'`);
      lock = { state: 'available' };
    } catch (error) {
      lock = { state: 'unavailable', reason: noSession(errorMessage(error)) };
    }
  }

  async function ownSession(on: MessageBus): Promise<string> {
    try {
      return String((await ask(on, MANAGER_PATH, MANAGER, 'GetSessionByPID', 'u', [options.pid]))[0]);
    } catch {
      const [user] = await ask(on, MANAGER_PATH, MANAGER, 'GetUser', 'u', [options.userId]);
      const [display] = await ask(on, String(user), PROPERTIES, 'Get', 'ss', [USER, 'Display']);
      const value: unknown = display instanceof Variant ? display.value : undefined;
      const path: unknown = Array.isArray(value) ? value[1] : undefined;
      if (typeof path !== 'string' || path === '/') throw new Error('this user has no session with a display');
      return path;
    }
  }

  async function hold(): Promise<void> {
    const isHeld = await inhibitor.hold();
    // The bus may have gone while the lock was taken: then nobody would tell of sleep.
    if (!isHeld || isStopped || !bus) return inhibitor.release();
    sleep = { state: 'available' };
    options.onChange();
  }

  connect().catch((error: unknown) => setUnavailable(errorMessage(error)));
  return {
    holdSleep: () => void (bus && hold()),
    allowSleep: () => inhibitor.release(),
    availability: () => ({ sleep, lock }),
    stop() {
      isStopped = true;
      inhibitor.release();
      bus?.disconnect();
    },
  };
}

const SIGNAL = 4;

async function match(bus: MessageBus, rule: string): Promise<void> {
  await bus.call(
    new Message({
      destination: DBUS,
      path: '/org/freedesktop/DBus',
      interface: DBUS,
      member: 'AddMatch',
      signature: 's',
      body: [rule],
    }),
  );
}

async function ask(
  bus: MessageBus,
  path: string,
  from: string,
  member: string,
  signature: string,
  body: unknown[],
): Promise<unknown[]> {
  const answer = await bus.call(new Message({ destination: LOGIND, path, interface: from, member, signature, body }));
  return answer?.body ?? [];
}

function noLogind(reason: string): WireError {
  return {
    code: 'HS_POWER_NO_LOGIND',
    message: `Sleep of this machine is not heard of: ${reason}.`,
    remedy: 'Pause entries yourself before it sleeps, or run the engine on a machine that does not sleep.',
  };
}

function noInhibitor(reason: string): WireError {
  return {
    code: 'HS_POWER_NO_INHIBITOR',
    message: `Sleep is heard of, but does not wait for us: ${reason}.`,
    remedy: 'Pause entries yourself before it sleeps; systemd-inhibit and logind would make it wait.',
  };
}

function noSession(reason: string): WireError {
  return {
    code: 'HS_POWER_NO_SESSION',
    message: `A locked screen is not heard of: ${reason}.`,
    remedy: 'Start Halfspread from within your desktop session.',
  };
}
