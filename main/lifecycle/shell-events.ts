import { toWireError } from '../../engine/protocol/errors.ts';
import type { LogRecord } from '../diagnostics/log.ts';
import type { Alerts } from '../notify/alerts.ts';
import { windowAlert } from '../notify/window-situations.ts';
import type { ShellHandlers } from '../shell/ports.ts';
import type { Asking } from './asking.ts';

/** What the shell tells of its window. */
export function shellEvents(parts: {
  asking: Pick<Asking, 'follow'>;
  alerts: Pick<Alerts, 'tell'>;
  log(record: LogRecord): void;
}): ShellHandlers {
  const { asking, alerts, log } = parts;
  return {
    onRoute(route) {
      asking
        .follow({ route, isExact: true })
        .catch((error: unknown) =>
          log({ level: 'warn', message: 'the window could not be opened', detail: toWireError(error) }),
        );
    },
    onCrash(crash) {
      log({ level: 'error', message: `the window’s process ended: ${crash.reason}`, detail: crash });
      const alert = windowAlert(crash);
      if (alert) alerts.tell(alert);
    },
    onTrouble: (message) => log({ level: 'warn', message }),
  };
}
