import { Message, type MessageBus } from '@jellybrick/dbus-next';
import { errorMessage } from '../../../engine/protocol/errors.ts';
import { connectSessionBus } from '../../shell/linux/session-bus.ts';

const SERVICE = 'org.freedesktop.secrets';
const SERVICE_PATH = '/org/freedesktop/secrets';

/** `unmade`: there is a service, but it has no default keyring yet. */
export interface SecretServiceLook {
  state: 'open' | 'locked' | 'unmade' | 'none';
  detail: string;
}

/**
 * Looks at the desktop's Secret Service without making it ask the person for anything: libsecret, which keytar uses,
 * opens a password window as soon as it meets a locked keyring.
 * Never resolves when the service does not answer: the caller has a limit.
 */
export async function lookAtSecretService(environment: Record<string, string | undefined>): Promise<SecretServiceLook> {
  const connected = await connectSessionBus(environment, () => undefined);
  if ('reason' in connected) return { state: 'none', detail: connected.reason };
  const { bus } = connected;
  try {
    if (!(await isOffered(bus))) return { state: 'none', detail: `nobody offers ${SERVICE} on the session bus` };
    const [collection] = await call(bus, SERVICE_PATH, 'org.freedesktop.Secret.Service', 'ReadAlias', 's', ['default']);
    if (typeof collection !== 'string' || collection === '/') return { state: 'unmade', detail: '' };
    const [locked] = await call(bus, collection, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [
      'org.freedesktop.Secret.Collection',
      'Locked',
    ]);
    return { state: isTrueVariant(locked) ? 'locked' : 'open', detail: '' };
  } catch (error) {
    return { state: 'none', detail: errorMessage(error) };
  } finally {
    bus.disconnect();
  }
}

/** Running, or started by the bus when it is called. */
async function isOffered(bus: MessageBus): Promise<boolean> {
  const names = await Promise.all(['ListNames', 'ListActivatableNames'].map((method) => busNames(bus, method)));
  return names.flat().includes(SERVICE);
}

async function busNames(bus: MessageBus, member: string): Promise<unknown[]> {
  const reply = await bus.call(
    new Message({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member,
    }),
  );
  const names: unknown = reply?.body[0];
  return Array.isArray(names) ? names : [];
}

async function call(
  bus: MessageBus,
  path: string,
  interfaceName: string,
  member: string,
  signature: string,
  body: unknown[],
): Promise<unknown[]> {
  const reply = await bus.call(
    new Message({ destination: SERVICE, path, interface: interfaceName, member, signature, body }),
  );
  return reply?.body ?? [];
}

function isTrueVariant(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'value' in value && value.value === true;
}
