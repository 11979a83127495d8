import { toWireError, type WireError } from '../../engine/protocol/errors.ts';
import type { SiteSecretKind, SiteSecretView } from '../ipc/site-schema.ts';
import type { AskSecret } from '../shell/ports.ts';
import { textInAllLanguages } from '../text/words.ts';
import { siteSecretName, type SecretStore } from './ports.ts';

const KINDS = ['password', 'sudoPassword', 'passphrase'] as const;
const MAX_CHARS = 1024;

/** Login secrets of sites: asked for past the window, kept, forgotten. The window sees their state alone. */
export interface SiteSecrets {
  views(): SiteSecretView[];
  /** Asks in the background; the outcome is in `views()`. */
  ask(site: string, kind: SiteSecretKind): void;
  forget(site: string, kind: SiteSecretKind): Promise<void>;
  /** Looks which ones of a site are kept. */
  look(site: string): Promise<void>;
}

export function createSiteSecrets(options: {
  store: SecretStore;
  askSecret: AskSecret;
  onChange(): void;
}): SiteSecrets {
  const { store, askSecret, onChange } = options;
  const views = new Map<string, SiteSecretView>();

  function set(view: SiteSecretView): void {
    views.set(siteSecretName(view.site, view.kind), view);
    onChange();
  }

  async function askAndKeep(site: string, kind: SiteSecretKind): Promise<void> {
    const name = siteSecretName(site, kind);
    try {
      // A storage that cannot be used is told before anybody types.
      const before = await store.get(name);
      set({ site, kind, state: 'asking' });
      const secret = await askSecret({
        title: textInAllLanguages(`sites.ask.${kind}`, { site }),
        detail: textInAllLanguages(`sites.ask.${kind}.detail`),
        kind: 'passphrase',
        read: readLoginSecret,
      });
      if (secret !== undefined) await store.set(name, secret);
      set({ site, kind, state: secret !== undefined || before !== undefined ? 'kept' : 'none' });
    } catch (error) {
      set({ site, kind, state: 'failed', error: toWireError(error) });
    }
  }

  return {
    views: () => [...views.values()],
    ask(site, kind) {
      if (views.get(siteSecretName(site, kind))?.state === 'asking') return;
      void askAndKeep(site, kind);
    },
    async forget(site, kind) {
      await store.delete(siteSecretName(site, kind));
      set({ site, kind, state: 'none' });
    },
    async look(site) {
      for (const kind of KINDS) {
        const name = siteSecretName(site, kind);
        if (views.get(name)?.state === 'asking') continue;
        const isKept = (await store.get(name)) !== undefined;
        if (isKept || views.has(name)) set({ site, kind, state: isKept ? 'kept' : 'none' });
      }
    },
  };
}

/** Taken as typed: spaces count. */
function readLoginSecret(typed: string): { secret: string } | { refused: WireError } {
  const secret = typed.replace(/\r?\n$/, '');
  if (secret === '') return refuse('Nothing was given.', 'Type or copy it, then hand it over again.');
  if (secret.length > MAX_CHARS || /[\0\r\n]/.test(secret)) {
    return refuse(
      `It holds a line end or has more than ${MAX_CHARS} characters: ssh and sudo take neither.`,
      'Copy the password alone.',
    );
  }
  return { secret };
}

function refuse(message: string, remedy: string): { refused: WireError } {
  return { refused: { code: 'HS_SECRET_LOGIN', message, remedy } };
}
