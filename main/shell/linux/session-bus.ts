import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { sessionBus, type MessageBus } from '@jellybrick/dbus-next';

const CONNECT_TIMEOUT_MS = 5_000;

/** A connected session bus, or in one sentence why there is none. */
export type SessionBus = { bus: MessageBus } | { reason: string };

/**
 * Connects to the desktop's D-Bus. Never starts one: without a desktop there is nothing to talk to.
 * @param onEnd called when the connection ends later on; nothing may be sent after it
 */
export async function connectSessionBus(
  environment: Record<string, string | undefined>,
  onEnd: () => void,
): Promise<SessionBus> {
  const busAddress = sessionBusAddress(environment);
  if (busAddress === undefined) return { reason: 'there is no D-Bus session bus' };
  return connectBus(busAddress, 'session', onEnd);
}

/** Connects to the machine's D-Bus: power, logins. */
export async function connectSystemBus(
  environment: Record<string, string | undefined>,
  onEnd: () => void,
): Promise<SessionBus> {
  const busAddress = environment['DBUS_SYSTEM_BUS_ADDRESS'] ?? SYSTEM_BUS;
  const socket = /^unix:path=([^,;]+)/.exec(busAddress)?.[1];
  if (busAddress === '' || (socket !== undefined && !existsSync(socket))) {
    return { reason: 'there is no D-Bus system bus' };
  }
  return connectBus(busAddress, 'system', onEnd);
}

const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';

async function connectBus(busAddress: string, name: 'session' | 'system', onEnd: () => void): Promise<SessionBus> {
  const bus = sessionBus({ busAddress });
  let timeout: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timeout = setTimeout(
        () => reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`)),
        CONNECT_TIMEOUT_MS,
      );
      bus.once('connect', () => resolve());
      // The library's types leave 'error' out. It stays listened to: one that nobody hears would end the process.
      (bus as EventEmitter).on('error', reject);
    });
    streamOf(bus)?.once('close', onEnd);
    return { bus };
  } catch (error) {
    bus.disconnect();
    return {
      reason: `the D-Bus ${name} bus does not answer (${error instanceof Error ? error.message : String(error)})`,
    };
  } finally {
    clearTimeout(timeout);
  }
}

/** As the D-Bus specification and systemd have it: the variable, else `bus` in the runtime directory. */
function sessionBusAddress(environment: Record<string, string | undefined>): string | undefined {
  const named = environment['DBUS_SESSION_BUS_ADDRESS'];
  if (named !== undefined) return named === '' ? undefined : named;
  const socket = `${environment['XDG_RUNTIME_DIR'] ?? ''}/bus`;
  return existsSync(socket) ? `unix:path=${socket}` : undefined;
}

/** dbus-next 0.11.3 tells nobody that its connection ended, and from then on keeps every message in memory. */
function streamOf(bus: MessageBus): Duplex | undefined {
  return (bus as unknown as { _connection: { stream?: Duplex } })._connection.stream;
}
