import type { SecretStore } from '../secret-store.ts';

/** Keeps secrets in this process's memory: they end with it. */
export function createSessionStore(): SecretStore {
  const secrets = new Map<string, string>();
  return {
    kind: 'session',
    get: (name) => Promise.resolve(secrets.get(name)),
    set(name, value) {
      secrets.set(name, value);
      return Promise.resolve();
    },
    delete: (name) => Promise.resolve(secrets.delete(name)),
    list: () => Promise.resolve([...secrets.keys()]),
  };
}
