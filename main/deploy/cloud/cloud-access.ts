import { toWireError } from '../../../engine/protocol/errors.ts';
import { providerIdSchema, type CloudAccess, type ProviderId } from '../../ipc/cloud-schema.ts';
import type { AskSecret } from '../../shell/ports.ts';
import { textInAllLanguages } from '../../text/words.ts';
import type { SecretStore } from '../ports.ts';
import type { CloudProvider } from '../providers/provider.ts';
import { accessName, noAccess, PROVIDER_TITLES, readAccess, type OpenProvider } from './credentials.ts';

/** Tokens of clouds: asked for past the window, proven at the provider, kept; the window sees their state alone. */
export interface CloudAccessKeeper {
  views(): CloudAccess[];
  /** Asks, checks and keeps in the background; the outcome is in `views()`. */
  ask(id: ProviderId): void;
  /** Checks what is kept, in the background. */
  check(id: ProviderId): void;
  forget(id: ProviderId): Promise<void>;
  /** With the access that is kept. @throws HalfspreadError HS_CLOUD_NO_TOKEN, HS_KEYCHAIN_... */
  provider(id: ProviderId): Promise<CloudProvider>;
}

export interface CloudAccessOptions {
  store: SecretStore;
  askSecret: AskSecret;
  openProvider: OpenProvider;
  onChange(): void;
}

export function createCloudAccess({ store, askSecret, openProvider, onChange }: CloudAccessOptions): CloudAccessKeeper {
  const views = new Map<ProviderId, CloudAccess>(
    providerIdSchema.options.map((id) => [id, { provider: id, title: PROVIDER_TITLES[id], state: 'none' }]),
  );

  function set(id: ProviderId, next: Pick<CloudAccess, 'state' | 'label' | 'error'>): void {
    views.set(id, { provider: id, title: PROVIDER_TITLES[id], ...next });
    onChange();
  }

  const isBusy = (id: ProviderId) => ['asking', 'checking'].includes(views.get(id)?.state ?? '');

  async function askAndKeep(id: ProviderId): Promise<void> {
    // A storage that cannot be used is told before anybody types.
    const before = await store.get(accessName(id));
    set(id, { state: 'asking' });
    const secret = await askSecret({
      title: textInAllLanguages(`sites.ask.${id}`),
      detail: textInAllLanguages(`sites.ask.${id}.detail`),
      kind: 'key',
      read: (typed) => readAccess(id, typed),
    });
    if (secret === undefined) return set(id, before === undefined ? { state: 'none' } : await verify(id, before));
    const verified = await verify(id, secret);
    await store.set(accessName(id), secret);
    set(id, verified);
  }

  /** @throws HalfspreadError what the provider says of it */
  async function verify(id: ProviderId, secret: string): Promise<Parameters<typeof set>[1]> {
    set(id, { state: 'checking' });
    const { label, problems } = await openProvider(id, secret).verifyToken();
    if (problems.length === 0) return { state: 'ready', label };
    const error = {
      code: 'HS_CLOUD_ACCOUNT',
      message: `${PROVIDER_TITLES[id]} says of this account: ${problems.join('; ')}.`,
      remedy: 'Settle it with the provider, then check again.',
    };
    return { state: 'refused', label, error };
  }

  async function checkKept(id: ProviderId): Promise<void> {
    const secret = await store.get(accessName(id));
    set(id, secret === undefined ? { state: 'none' } : await verify(id, secret));
  }

  function inBackground(id: ProviderId, work: Promise<void>): void {
    work.catch((error: unknown) => set(id, { state: 'refused', error: toWireError(error) }));
  }

  return {
    views: () => [...views.values()],
    ask(id) {
      if (!isBusy(id)) inBackground(id, askAndKeep(id));
    },
    check(id) {
      if (!isBusy(id)) inBackground(id, checkKept(id));
    },
    async forget(id) {
      await store.delete(accessName(id));
      set(id, { state: 'none' });
    },
    async provider(id) {
      const secret = await store.get(accessName(id));
      if (secret === undefined) throw noAccess(id);
      return openProvider(id, secret);
    },
  };
}
