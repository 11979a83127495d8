import { toWireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { KeyRecord } from '../ipc/key-schema.ts';
import type { AlertDraft } from '../notify/alert-draft.ts';
import { keyAlertCategory, tellKeyExpiry } from '../notify/key-situations.ts';
import type { KeyBook } from './key-book.ts';

const LOOK_EVERY_MS = 3_600_000;

/** Tells once of each step towards a key's end, over restarts. */
export interface ExpiryWatch {
  start(): void;
  /** The list changed. */
  look(): void;
  /** The key was replaced or deleted: what was told of it is over. */
  over(id: string): void;
  stop(): void;
}

export function watchExpiry(options: {
  book: () => KeyBook;
  alerts: { tell(alert: AlertDraft): void; withdraw(category: string): void };
  log(record: LogRecord): void;
}): ExpiryWatch {
  const { alerts, log } = options;
  /** What was told in this run; the list has it too once it is written. */
  const told = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function withTold(records: readonly KeyRecord[]): KeyRecord[] {
    return records.map((record) => {
      const level = told.get(record.id);
      return level === undefined ? record : { ...record, expiryTold: level };
    });
  }

  function look(): void {
    const news = tellKeyExpiry(withTold(options.book().records()), Date.now());
    if (news.told.size === 0) return;
    for (const [id, level] of news.told) told.set(id, level);
    news.alerts.forEach(alerts.tell);
    options
      .book()
      .change(withTold)
      .catch((error: unknown) =>
        log({ level: 'warn', message: 'told of a key’s end, which could not be noted', detail: toWireError(error) }),
      );
  }

  return {
    start() {
      look();
      timer = setInterval(look, LOOK_EVERY_MS);
    },
    look,
    over(id) {
      told.delete(id);
      alerts.withdraw(keyAlertCategory(id));
    },
    stop: () => clearInterval(timer),
  };
}
