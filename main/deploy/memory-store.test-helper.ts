import type { SecretStore } from './ports.ts';

/** Secrets in this test's memory. */
export function memoryStore(): SecretStore {
  const secrets = new Map<string, string>();
  return {
    get: (name) => Promise.resolve(secrets.get(name)),
    set(name, value) {
      secrets.set(name, value);
      return Promise.resolve();
    },
    delete: (name) => Promise.resolve(secrets.delete(name)),
  };
}
