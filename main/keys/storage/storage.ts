import { fromWireError, HalfspreadError, toWireError } from '../../../engine/protocol/errors.ts';
import type { StorageKind, StorageState } from '../../ipc/key-schema.ts';
import type { AskSecret } from '../../shell/ports.ts';
import type { SecretStore } from '../secret-store.ts';
import type { KeychainStore } from './keychain-store.ts';
import { askNewPassphrase, askPassphrase } from './passphrase-prompts.ts';
import type { PassphraseFile } from './passphrase-file.ts';

export interface StorageOptions {
  /** What the operator chose, or `keychain` before. */
  kind: StorageKind;
  keychain: KeychainStore;
  file: PassphraseFile;
  session: SecretStore;
  askSecret: AskSecret;
  /** Read `state()`. */
  onChange(): void;
}

/** The one storage in use. It never becomes another one by itself: the operator chooses. */
export interface Storage {
  state(): StorageState;
  /** @throws HalfspreadError why it is not open, HS_KEYCHAIN_... */
  open(): SecretStore;
  /** Tries it without asking anybody anything; the outcome is in `state()`. */
  check(): Promise<void>;
  /** Asks for the passphrase, or lets the system ask for its own. @throws HalfspreadError why it stays closed */
  unlock(signal: AbortSignal): Promise<void>;
  /** Opens another storage, which may ask. The one in use stays until that worked. @throws HalfspreadError */
  prepare(kind: StorageKind, signal: AbortSignal): Promise<SecretStore>;
  /** Uses it from now on. */
  use(kind: StorageKind): void;
  stop(): void;
}

/** Waits for a person, who can open it. */
const LOCKED = new Set(['HS_KEYCHAIN_LOCKED', 'HS_KEYCHAIN_UNMADE', 'HS_KEYCHAIN_FILE_LOCKED']);

export function createStorage(options: StorageOptions): Storage {
  const { keychain, file, session, askSecret } = options;
  let kind = options.kind;
  let status: Pick<StorageState, 'state' | 'error'> = { state: 'checking' };

  const stores: Record<StorageKind, SecretStore> = {
    keychain: noticing(keychain),
    file: noticing(file),
    session,
  };

  function set(next: Pick<StorageState, 'state' | 'error'>): void {
    if (next.state === status.state && next.error?.message === status.error?.message) return;
    status = next;
    options.onChange();
  }

  function failed(error: unknown): void {
    const wire = toWireError(error);
    set({ state: LOCKED.has(wire.code) ? 'locked' : 'refused', error: wire });
  }

  /** A storage that fails later on (locked, gone, hangs) shows it from then on. */
  function noticing(store: SecretStore): SecretStore {
    const noticed = async <Result>(call: Promise<Result>): Promise<Result> => {
      try {
        return await call;
      } catch (error) {
        if (kind === store.kind) failed(error);
        throw error;
      }
    };
    return {
      kind: store.kind,
      get: (name) => noticed(store.get(name)),
      set: (name, value) => noticed(store.set(name, value)),
      delete: (name) => noticed(store.delete(name)),
      list: () => noticed(store.list()),
    };
  }

  async function tryIt(which: StorageKind): Promise<void> {
    switch (which) {
      case 'session':
        return;
      case 'keychain':
        return keychain.probe();
      case 'file':
        await file.list();
    }
  }

  /** Lets the storage ask for what it needs. A new file is made where there is none. */
  async function openAsking(which: StorageKind, signal: AbortSignal): Promise<void> {
    switch (which) {
      case 'session':
        return;
      case 'keychain':
        return keychain.unlock(signal);
      case 'file':
        if (file.isOpen() && (await file.exists())) return tryIt('file');
        if (await file.exists()) await file.unlock(await askPassphrase(askSecret, signal));
        else await file.create(await askNewPassphrase(askSecret, signal));
    }
  }

  return {
    state: () => ({ kind, ...status, ...(kind === 'file' && { path: file.path }) }),
    open() {
      if (status.state === 'ready') return stores[kind];
      if (status.error) throw fromWireError(status.error);
      throw new HalfspreadError(
        'HS_KEYCHAIN_CHECKING',
        'Halfspread is still looking whether the storage of keys can be used.',
        'Try again in a few seconds.',
      );
    },
    async check() {
      const checked = kind;
      if (status.state !== 'ready') set({ state: 'checking' });
      try {
        await tryIt(checked);
        if (checked === kind) set({ state: 'ready' });
      } catch (error) {
        if (checked === kind) failed(error);
      }
    },
    async unlock(signal) {
      try {
        await openAsking(kind, signal);
        set({ state: 'ready' });
      } catch (error) {
        const { code } = toWireError(error);
        // Who cancelled or mistyped finds it as it was.
        if (code.startsWith('HS_KEYCHAIN_') && code !== 'HS_KEYCHAIN_PASSPHRASE') failed(error);
        throw error;
      }
    },
    async prepare(next, signal) {
      await openAsking(next, signal);
      return stores[next];
    },
    use(next) {
      kind = next;
      status = { state: 'ready' };
      options.onChange();
    },
    stop() {
      keychain.stop();
      file.lock();
    },
  };
}
