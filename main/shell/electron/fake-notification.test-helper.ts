import type { NotificationOptions, NotificationPort, ShownNotification } from './notifications.ts';

/** Notes what is asked of it; the test plays the desktop with `tell`. */
export interface FakeNotification extends ShownNotification {
  options: NotificationOptions;
  isShown: boolean;
  isClosed: boolean;
  tell(event: 'show' | 'click' | 'close' | 'failed', error?: string): void;
}

export type FakeNotificationClass = NotificationPort & { all: FakeNotification[]; isOffered: boolean };

export function createFakeNotificationClass(): FakeNotificationClass {
  return class Fake implements FakeNotification {
    static all: FakeNotification[] = [];
    static isOffered = true;
    static isSupported(): boolean {
      return Fake.isOffered;
    }
    readonly options: NotificationOptions;
    isShown = false;
    isClosed = false;
    readonly #listeners: { event: string; listener: (event: unknown, error: string) => void }[] = [];
    constructor(options: NotificationOptions) {
      this.options = options;
      Fake.all.push(this);
    }
    on(event: string, listener: (event: unknown, error: string) => void) {
      this.#listeners.push({ event, listener });
    }
    show() {
      this.isShown = true;
    }
    close() {
      this.isClosed = true;
      this.tell('close');
    }
    tell(event: string, error = '') {
      for (const each of this.#listeners) if (each.event === event) each.listener({}, error);
    }
  };
}
