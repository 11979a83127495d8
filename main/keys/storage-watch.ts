import { toWireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { StorageKind } from '../ipc/key-schema.ts';
import { listSecrets } from './kept-secret.ts';
import type { Storage } from './storage/storage.ts';

/** What of the keys is in the open storage: others delete there, too. */
export interface StorageWatch {
  /** Ids of the keys in the storage in use, as of the last look; undefined while it is not open. */
  present(): ReadonlySet<string> | undefined;
  /** Looks again, in the background. */
  refresh(): void;
  /** Resolves when no look is under way. The storage must have been stopped before. */
  stop(): Promise<void>;
}

export function watchStorage(storage: Storage, onChange: () => void, log: (record: LogRecord) => void): StorageWatch {
  let found: { kind: StorageKind; ids: ReadonlySet<string> } | undefined;
  /** The look at the storage in use; one at another storage may still be waiting for a keychain that hangs. */
  let current: { kind: StorageKind; again: boolean } | undefined;
  const looks = new Set<Promise<void>>();
  let isStopped = false;

  async function look(kind: StorageKind): Promise<void> {
    await storage.check();
    if (storage.state().kind !== kind) return;
    try {
      found = storage.state().state === 'ready' ? { kind, ids: await listSecrets(storage.open()) } : undefined;
    } catch (error) {
      // The storage itself shows it from now on.
      log({ level: 'warn', message: 'the storage of keys could not be listed', detail: toWireError(error) });
      found = undefined;
    }
    onChange();
  }

  async function lookUntilCurrent(mine: { kind: StorageKind; again: boolean }): Promise<void> {
    do {
      mine.again = false;
      await look(mine.kind);
    } while (mine.again && current === mine && !isStopped);
    if (current === mine) current = undefined;
  }

  return {
    present: () => (found?.kind === storage.state().kind ? found.ids : undefined),
    refresh() {
      const { kind } = storage.state();
      if (isStopped) return;
      if (current?.kind === kind) {
        current.again = true;
        return;
      }
      current = { kind, again: false };
      const looking = lookUntilCurrent(current).finally(() => looks.delete(looking));
      looks.add(looking);
    },
    async stop() {
      isStopped = true;
      await Promise.all(looks);
    },
  };
}
