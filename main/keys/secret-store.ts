import type { StorageKind } from '../ipc/key-schema.ts';

/** Where secrets are kept by name. Nothing of it is remembered between calls: what others change is seen at once. */
export interface SecretStore {
  readonly kind: StorageKind;
  /**
   * Undefined: there is none of this name.
   * @throws HalfspreadError HS_KEYCHAIN_... (refused, locked, does not answer, damaged)
   */
  get(name: string): Promise<string | undefined>;
  /** Resolves once the value was read back as it was written. @param value at most MAX_SECRET_BYTES */
  set(name: string, value: string): Promise<void>;
  /** Resolves once it is proven gone; false when there was none. */
  delete(name: string): Promise<boolean>;
  list(): Promise<string[]>;
}

/** The smallest of all storages: one credential of Windows holds 2,560 bytes. */
export const MAX_SECRET_BYTES = 2_400;
