import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AccountsRequest, AccountsResult, AccountsTask } from '../../engine/protocol/accounts.ts';
import { HalfspreadError, toWireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import { askAccounts } from '../engines/accounts-client.ts';
import type { ProcessLauncher } from '../engines/launcher.ts';
import type { Programs } from '../engines/programs.ts';
import type { KeyAct, KeyOperation, KeyRecord, KeysState, KeyStep } from '../ipc/key-schema.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { AlertDraft } from '../notify/alert-draft.ts';
import { keyAlertCategory, tellKeyExpiry } from '../notify/key-situations.ts';
import type { AskSecret } from '../shell/ports.ts';
import type { Environment } from './env-names.ts';
import { openKeyBook, withUse } from './key-book.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import { listSecrets } from './kept-secret.ts';
import { addKey } from './operations/add.ts';
import { importKeys } from './operations/import.ts';
import type { AskVenue, KeyWork } from './operations/key-work.ts';
import { makeSubkey, registerSigningKey } from './operations/make.ts';
import { moveSecrets } from './operations/move.ts';
import { deleteKey, forgetRecord, revokeKey } from './operations/remove.ts';
import { restoreKeys } from './operations/restore.ts';
import { rotateKey } from './operations/rotate.ts';
import { testAgain } from './operations/test-key.ts';
import type { SecretStore } from './secret-store.ts';
import { createKeychainStore } from './storage/keychain-store.ts';
import { createPassphraseFile } from './storage/passphrase-file.ts';
import { createSessionStore } from './storage/session-store.ts';
import { createStorage } from './storage/storage.ts';

const EXPIRY_LOOK_MS = 3_600_000;
/** What can be ended half-way without leaving anything unknown at a venue or in a storage. */
const ENDABLE: readonly KeyStep[] = ['asking', 'checking', 'reading', 'testing'];

export interface KeysOptions {
  /** Of the settings: keys.json and, where chosen, the encrypted file stand there. */
  folder: string;
  programs: Pick<Programs, 'keychain' | 'accounts'>;
  launcher: ProcessLauncher;
  platform: string;
  /** Halfspread's own, for keys to be imported from. */
  environment: Environment;
  askSecret: AskSecret;
  /** Read `state()`. */
  onChange(): void;
  alerts: { tell(alert: AlertDraft): void; withdraw(category: string): void };
  /** Whether a running engine signs with this key: it may not be taken from under it. */
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
  /** Ends what is under way, also a keychain that hangs. */
  stop(): Promise<void>;
}

/** @throws HalfspreadError HS_KEYS_READ when keys.json exists and cannot be read or set aside. */
export async function openKeys(options: KeysOptions): Promise<Keys> {
  const { folder, log, onChange } = options;
  const book = await openKeyBook(join(folder, 'keys.json'), () => {
    publish();
    lookAtExpiry();
  });
  const storage = createStorage({
    kind: book.storage() ?? 'keychain',
    keychain: createKeychainStore({
      launcher: options.launcher,
      script: options.programs.keychain,
      platform: options.platform,
      prefix: `${createHash('sha256').update(folder).digest('hex').slice(0, 8)}/`,
    }),
    file: createPassphraseFile(join(folder, 'keys.sealed.json')),
    session: createSessionStore(),
    askSecret: options.askSecret,
    onChange: publish,
  });
  const askVenue: AskVenue = <Task extends AccountsTask>(
    request: AccountsRequest & { task: Task },
    signal: AbortSignal,
  ): Promise<AccountsResult<Task>> =>
    askAccounts<Task>(options.launcher, options.programs.accounts, request, { signal });

  /** Ids of the secrets in the open storage, as of the last look. */
  let present: ReadonlySet<string> | undefined;
  let operation: { view: KeyOperation; ending: AbortController; done: Promise<void> } | undefined;
  let operations = 0;
  let refreshing: Promise<void> | undefined;
  /** What was told in this run; the list has it too once it is written. */
  const expiryTold = new Map<string, number>();
  let expiryTimer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function publish(): void {
    if (!isStopped) onChange();
  }

  function presenceOf(record: KeyRecord): KeysState['keys'][number]['presence'] {
    const { kind, state } = storage.state();
    if (record.storedIn !== kind) return 'elsewhere';
    if (state !== 'ready' || !present) return 'unknown';
    return present.has(record.id) ? 'there' : 'gone';
  }

  function state(): KeysState {
    const records = book.records();
    const listed = new Set(records.map(({ id }) => id));
    return {
      storage: storage.state(),
      keys: records.map((record) => ({ record, presence: presenceOf(record) })),
      unlisted: [...(present ?? [])].filter((id) => !listed.has(id)).length,
      ...(operation && { operation: operation.view }),
      ...(book.setAside && { setAside: book.setAside }),
    };
  }

  async function look(): Promise<void> {
    await storage.check();
    if (storage.state().state === 'ready') {
      try {
        present = await listSecrets(storage.open());
      } catch (error) {
        // The storage shows it itself from now on.
        log({ level: 'warn', message: 'the storage of keys could not be listed', detail: toWireError(error) });
        present = undefined;
      }
    } else present = undefined;
    publish();
  }

  function refresh(): void {
    if (isStopped) return;
    refreshing ??= look().finally(() => (refreshing = undefined));
  }

  /** Starts an operation; what it is at, and how it ends, is in `state()`. @throws HalfspreadError HS_KEY_BUSY */
  function begin(
    act: KeyAct,
    about: Pick<KeyOperation, 'venue' | 'keyId'>,
    run: (work: Omit<KeyWork, 'store'>) => Promise<KeyOperation['imported'] | void>,
  ): Record<string, never> {
    if (operation?.view.state === 'running') throw busy();
    const ending = new AbortController();
    const view: KeyOperation = {
      number: ++operations,
      act,
      ...about,
      state: 'running',
      step: 'checking',
      startedAt: Date.now(),
    };
    const mine = { view, ending, done: Promise.resolve() };
    operation = mine;
    const change = (next: Partial<KeyOperation>) => {
      mine.view = { ...mine.view, ...next };
      publish();
    };
    const work: Omit<KeyWork, 'store'> = {
      book,
      askSecret: options.askSecret,
      askVenue,
      step: (step) => change({ step }),
      signal: ending.signal,
      nowMs: Date.now,
    };
    mine.done = finish(run(work), mine, change);
    publish();
    return {};
  }

  async function finish(
    running: Promise<KeyOperation['imported'] | void>,
    mine: { view: KeyOperation; ending: AbortController },
    change: (next: Partial<KeyOperation>) => void,
  ): Promise<void> {
    const { act } = mine.view;
    try {
      const imported = await running;
      log({ level: 'info', message: `keys: ${act} done` });
      change({ state: 'done', ...(imported && { imported }) });
    } catch (error) {
      const wire = toWireError(error);
      if (wire.code === 'HS_KEY_CANCELLED' || mine.ending.signal.aborted) {
        if (operation?.view.number === mine.view.number) operation = undefined;
        publish();
      } else {
        log({ level: 'warn', message: `keys: ${act} failed`, detail: wire });
        change({ state: 'failed', error: wire });
      }
    }
    refresh();
  }

  /** An operation that needs the open storage. */
  function withStore(
    act: KeyAct,
    about: Pick<KeyOperation, 'venue' | 'keyId'>,
    run: (work: KeyWork) => Promise<KeyOperation['imported'] | void>,
  ): Record<string, never> {
    const store = storage.open();
    return begin(act, about, (work) => run({ ...work, store }));
  }

  function about(id: string): Pick<KeyOperation, 'venue' | 'keyId'> {
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

  async function changeStorage(kind: KeysState['storage']['kind'], signal: AbortSignal): Promise<void> {
    const from = storage.state().state === 'ready' ? storage.open() : undefined;
    const to = await storage.prepare(kind, signal);
    if (from) await moveSecrets(book, from, to);
    await book.choose(kind);
    storage.use(kind);
  }

  function lookAtExpiry(): void {
    const { alerts, told } = tellKeyExpiry(withTold(book.records()), Date.now());
    if (told.size === 0) return;
    for (const [id, level] of told) expiryTold.set(id, level);
    alerts.forEach(options.alerts.tell);
    book
      .change(withTold)
      .catch((error: unknown) =>
        log({ level: 'warn', message: 'told of a key’s end, which could not be noted', detail: toWireError(error) }),
      );
  }

  function withTold(records: readonly KeyRecord[]): KeyRecord[] {
    return records.map((record) => {
      const level = expiryTold.get(record.id);
      return level === undefined ? record : { ...record, expiryTold: level };
    });
  }

  async function take(id: string, run: () => Promise<void>): Promise<void> {
    await run();
    expiryTold.delete(id);
    options.alerts.withdraw(keyAlertCategory(id));
  }

  const handlers: KeyHandlers = {
    'keys.check'() {
      refresh();
      return {};
    },
    'keys.storage': ({ kind }) => begin('storage', {}, ({ signal }) => changeStorage(kind, signal)),
    'keys.unlock': () => begin('unlock', {}, ({ signal }) => storage.unlock(signal)),
    'keys.add': (input) => withStore('add', { venue: input.venue }, (work) => addKey(work, input)),
    'keys.make': (input) => withStore('make', { venue: 'paradex' }, (work) => makeSubkey(work, input)),
    'keys.register': (input) =>
      withStore('register', { venue: 'vest' }, async (work) => void (await registerSigningKey(work, input))),
    'keys.import': (input) => withStore('import', {}, (work) => importKeys(work, input, options.environment)),
    'keys.restore': () => withStore('restore', {}, restoreKeys),
    'keys.test': ({ id }) => withStore('test', about(id), (work) => testAgain(work, id)),
    'keys.rotate'(input) {
      checkNotHeld(input.id);
      return withStore('rotate', about(input.id), (work) => take(input.id, () => rotateKey(work, input)));
    },
    'keys.revoke'(input) {
      checkNotHeld(input.id);
      return withStore('revoke', about(input.id), (work) => take(input.id, () => revokeKey(work, input)));
    },
    'keys.delete'({ id, recordOnly }) {
      checkNotHeld(id);
      if (recordOnly) return begin('delete', about(id), () => take(id, () => forgetRecord(book, id)));
      return withStore('delete', about(id), (work) => take(id, () => deleteKey(work, id)));
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
      if (operation?.view.state !== 'running') return {};
      if (!ENDABLE.includes(operation.view.step)) throw notNow();
      operation.ending.abort();
      return {};
    },
    'keys.dismiss'() {
      if (operation?.view.state !== 'running') operation = undefined;
      publish();
      return {};
    },
  };

  return {
    state,
    ring: createKeyRing(book, storage, Date.now),
    secrets: () => storage.open(),
    handlers,
    start() {
      refresh();
      lookAtExpiry();
      expiryTimer = setInterval(lookAtExpiry, EXPIRY_LOOK_MS);
    },
    refresh,
    async stop() {
      isStopped = true;
      clearInterval(expiryTimer);
      operation?.ending.abort();
      storage.stop();
      await operation?.done;
      await refreshing;
    },
  };
}

function busy(): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_BUSY',
    'Something else is being done with the keys; it was not interrupted.',
    'Wait until it is done, or cancel it.',
  );
}

function notNow(): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_BUSY',
    'This step cannot be ended half-way: what it did at the venue or in the storage would be unknown.',
    'It ends by itself within a minute.',
  );
}
