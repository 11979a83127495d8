import { join } from 'node:path';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { ProcessLauncher } from '../engines/launcher.ts';
import type { KeyRecord, KeysState, StorageKind } from '../ipc/key-schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { AlertDraft } from '../notify/alert-draft.ts';
import type { AskSecret } from '../shell/ports.ts';
import type { Environment } from './env-names.ts';
import { watchExpiry, type ExpiryWatch } from './expiry-watch.ts';
import { openKeyBook, withUse, type KeyBook } from './key-book.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import { createOperationRunner, type About, type RunningOperation } from './operation-runner.ts';
import { addKey } from './operations/add.ts';
import { importKeys } from './operations/import.ts';
import type { KeyWork } from './operations/key-work.ts';
import { makeSubkey, registerSigningKey } from './operations/make.ts';
import { moveSecrets } from './operations/move.ts';
import { deleteKey, forgetRecord, revokeKey } from './operations/remove.ts';
import { restoreKeys } from './operations/restore.ts';
import { rotateKey } from './operations/rotate.ts';
import { testAgain } from './operations/test-key.ts';
import type { SecretStore } from './secret-store.ts';
import { createKeychainStore, keychainPrefix } from './storage/keychain-store.ts';
import { createPassphraseFile } from './storage/passphrase-file.ts';
import { createSessionStore } from './storage/session-store.ts';
import { createStorage } from './storage/storage.ts';
import { watchStorage } from './storage-watch.ts';
import type { VenueAccounts } from './venue-accounts.ts';

export interface KeysOptions {
  /** Of the settings: keys.json and, where chosen, the encrypted file stand there. */
  folder: string;
  /** Programs.keychain */
  keychainScript: string;
  launcher: ProcessLauncher;
  /** Who asks the venues about keys. */
  venues: VenueAccounts;
  platform: string;
  /** Halfspread's own, for keys to be imported from. */
  environment: Environment;
  askSecret: AskSecret;
  /** Read `state()`. */
  onChange(): void;
  alerts: { tell(alert: AlertDraft): void; withdraw(category: string): void };
  /** Whether a running engine signs with this key: it is not taken from under it. */
  isHeld(record: KeyRecord): boolean;
  log(record: LogRecord): void;
}

type KeyHandlers = Pick<IpcHandlers, Exclude<Extract<keyof IpcHandlers, `keys.${string}`>, 'keys.open'>>;

/** Trading keys of this machine's operator: where they are kept, what is done with them, what the window sees of it. */
export interface Keys {
  state(): KeysState;
  ring: KeyRing;
  /** The open storage, for other secrets of Halfspread. @throws HalfspreadError HS_KEYCHAIN_... why it is not open */
  secrets(): SecretStore;
  handlers: KeyHandlers;
  /** Looks whether the storage can be used; never waits for it. */
  start(): void;
  /** Looks again at storage and list in the background. */
  refresh(): void;
  /** Ends what is under way, also with a keychain that hangs. */
  stop(): Promise<void>;
}

/** @throws HalfspreadError HS_KEYS_READ when keys.json exists and cannot be read or set aside. */
export async function openKeys(options: KeysOptions): Promise<Keys> {
  const { folder, log } = options;
  let isStopped = false;

  const expiry: ExpiryWatch = watchExpiry({ book: () => book, alerts: options.alerts, log });
  const book: KeyBook = await openKeyBook(join(folder, 'keys.json'), () => {
    publish();
    expiry.look();
  });
  const storage = createStorage({
    kind: book.storage() ?? 'keychain',
    keychain: createKeychainStore({
      launcher: options.launcher,
      script: options.keychainScript,
      platform: options.platform,
      prefix: keychainPrefix(folder),
    }),
    file: createPassphraseFile(join(folder, 'keys.sealed.json')),
    session: createSessionStore(),
    askSecret: options.askSecret,
    onChange: publish,
  });
  const watch = watchStorage(storage, publish, log);
  const runner = createOperationRunner({ onChange: publish, onEnd: watch.refresh, log });

  function publish(): void {
    if (!isStopped) options.onChange();
  }

  function presenceOf(record: KeyRecord): KeysState['keys'][number]['presence'] {
    const { kind, state } = storage.state();
    const present = watch.present();
    if (record.storedIn !== kind) return 'elsewhere';
    if (state !== 'ready' || !present) return 'unknown';
    return present.has(record.id) ? 'there' : 'gone';
  }

  function state(): KeysState {
    const records = book.records();
    const operation = runner.view();
    return {
      storage: storage.state(),
      keys: records.map((record) => ({ record, presence: presenceOf(record) })),
      unlisted: [...(watch.present() ?? [])].filter((id) => !records.some((record) => record.id === id)).length,
      ...(operation && { operation }),
      ...(book.setAside && { setAside: book.setAside }),
    };
  }

  /** An operation that needs the open storage. @throws HalfspreadError HS_KEYCHAIN_..., HS_KEY_BUSY */
  function work(act: Parameters<typeof runner.begin>[0], about: About, run: (work: KeyWork) => Promise<unknown>) {
    const store = storage.open();
    return begin(act, about, async (operation) => {
      await run({ book, store, askSecret: options.askSecret, venues: options.venues, nowMs: Date.now, ...operation });
    });
  }

  function begin(
    act: Parameters<typeof runner.begin>[0],
    about: About,
    run: (operation: RunningOperation) => Promise<void>,
  ): Record<string, never> {
    runner.begin(act, about, run);
    return {};
  }

  function about(id: string): About {
    return { keyId: id, venue: book.record(id).venue };
  }

  /** @throws HalfspreadError HS_KEY_HELD */
  function checkNotHeld(id: string): void {
    const record = book.record(id);
    if (!options.isHeld(record)) return;
    throw new HalfspreadError(
      'HS_KEY_HELD',
      `A running desk signs with the key "${record.label}"; it is not taken away from under it.`,
      'Disarm that desk or let it stop first. Its positions stay as they are.',
    );
  }

  async function changeStorage(kind: StorageKind, { step, signal }: RunningOperation): Promise<void> {
    const from = storage.state().state === 'ready' ? storage.open() : undefined;
    if (kind !== 'session') step('asking');
    const to = await storage.prepare(kind, signal);
    step('saving');
    if (from) await moveSecrets(book, from, to);
    await book.choose(kind);
    storage.use(kind);
  }

  async function endingWith(id: string, done: Promise<void>): Promise<void> {
    await done;
    expiry.over(id);
  }

  const handlers: KeyHandlers = {
    'keys.check'() {
      watch.refresh();
      return {};
    },
    'keys.storage': ({ kind }) => begin('storage', {}, (operation) => changeStorage(kind, operation)),
    'keys.unlock': () =>
      begin('unlock', {}, ({ step, signal }) => {
        step('asking');
        return storage.unlock(signal);
      }),
    'keys.add': (input) => work('add', { venue: input.venue }, (each) => addKey(each, input)),
    'keys.make': (input) => work('make', { venue: 'paradex' }, (each) => makeSubkey(each, input)),
    'keys.register': (input) => work('register', { venue: 'vest' }, (each) => registerSigningKey(each, input)),
    'keys.import': (input) => work('import', {}, (each) => importKeys(each, input, options.environment)),
    'keys.restore': () => work('restore', {}, restoreKeys),
    'keys.test': ({ id }) => work('test', about(id), (each) => testAgain(each, id)),
    'keys.rotate'(input) {
      checkNotHeld(input.id);
      return work('rotate', about(input.id), (each) => endingWith(input.id, rotateKey(each, input)));
    },
    'keys.revoke'({ id }) {
      checkNotHeld(id);
      return work('revoke', about(id), (each) => endingWith(id, revokeKey(each, id)));
    },
    'keys.delete'({ id, recordOnly }) {
      checkNotHeld(id);
      if (recordOnly) return begin('delete', about(id), () => endingWith(id, forgetRecord(book, id)));
      return work('delete', about(id), (each) => endingWith(id, deleteKey(each, id)));
    },
    async 'keys.use'({ id }) {
      book.record(id);
      await book.change((records) => withUse(records, id));
      return {};
    },
    async 'keys.rename'({ id, label }) {
      book.record(id);
      await book.change((records) => records.map((record) => (record.id === id ? { ...record, label } : record)));
      return {};
    },
    'keys.cancel'() {
      runner.cancel();
      return {};
    },
    'keys.dismiss'() {
      runner.dismiss();
      return {};
    },
  };

  return {
    state,
    ring: createKeyRing(book, storage, Date.now),
    secrets: () => storage.open(),
    handlers,
    start() {
      watch.refresh();
      expiry.start();
    },
    refresh: watch.refresh,
    async stop() {
      isStopped = true;
      expiry.stop();
      storage.stop();
      await runner.stop();
      await watch.stop();
    },
  };
}
