import type { Severity } from '../ipc/alert-schema.ts';

/** One notification of the desktop. */
export interface DesktopNotification {
  /** A notification of the same category is replaced. */
  category: string;
  severity: Severity;
  title: string;
  body: string;
}

/** What a shell offers to show notifications with. */
export interface Notifier {
  /** @throws HalfspreadError HS_NOTIFY_... when this machine does not show it: the inbox has it all the same. */
  show(notification: DesktopNotification): Promise<void>;
  /** Takes it from the screen if it is still there. */
  close(category: string): void;
  stop(): void;
}

export interface NotifierHandlers {
  /** Somebody clicked the notification of this category. */
  onOpen(category: string): void;
}
