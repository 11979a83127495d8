/** Plays a desktop's notification service: owns org.freedesktop.Notifications, keeps what it was told, and clicks. */
import type { MessageBus, Variant } from '@jellybrick/dbus-next';
import { DBusInterface } from '../linux/dbus-interface.ts';
import { connectSessionBus } from '../linux/session-bus.ts';

const SERVER = 'org.freedesktop.Notifications';
const SERVER_PATH = '/org/freedesktop/Notifications';

export interface ReceivedNotification {
  id: number;
  /** 0: a new one. */
  replacesId: number;
  icon: string;
  title: string;
  body: string;
  actions: string[];
  urgency: unknown;
}

class Server extends DBusInterface {
  capabilities = ['body', 'body-markup', 'actions'];
  readonly received: ReceivedNotification[] = [];
  readonly closed: number[] = [];
  #nextId = 40;

  constructor() {
    super(SERVER);
  }
  GetCapabilities(): string[] {
    return this.capabilities;
  }
  Notify(
    _appName: string,
    replacesId: number,
    icon: string,
    title: string,
    body: string,
    actions: string[],
    hints: Record<string, Variant>,
  ): number {
    const id = replacesId === 0 ? ++this.#nextId : replacesId;
    this.received.push({ id, replacesId, icon, title, body, actions, urgency: hints['urgency']?.value });
    return id;
  }
  CloseNotification(id: number): void {
    this.closed.push(id);
    this.NotificationClosed(id, 3);
  }
  NotificationClosed(id: number, reason: number): [number, number] {
    return [id, reason];
  }
  ActionInvoked(id: number, action: string): [number, string] {
    return [id, action];
  }
}

Server.configureMembers({
  methods: {
    GetCapabilities: { outSignature: 'as' },
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u' },
  },
  signals: { NotificationClosed: { signature: 'uu' }, ActionInvoked: { signature: 'us' } },
});

export interface FakeNotificationServer {
  /** Everything it was asked to show, oldest first. */
  received: ReceivedNotification[];
  /** Ids it was asked to close. */
  closed: number[];
  /** What it says it can do: without `actions` nothing can be clicked. */
  setCapabilities(capabilities: string[]): void;
  click(id: number): void;
  /** The person, or time, takes it from the screen. */
  dismiss(id: number): void;
  stop(): void;
}

export async function startFakeNotificationServer(
  environment: Record<string, string | undefined>,
): Promise<FakeNotificationServer> {
  const session = await connectSessionBus(environment, () => undefined);
  if ('reason' in session) throw new Error(session.reason);
  const bus: MessageBus = session.bus;
  const server = new Server();
  bus.export(SERVER_PATH, server);
  await bus.requestName(SERVER);
  return {
    received: server.received,
    closed: server.closed,
    setCapabilities: (capabilities) => void (server.capabilities = capabilities),
    click(id) {
      server.ActionInvoked(id, 'default');
      server.NotificationClosed(id, 2);
    },
    dismiss: (id) => void server.NotificationClosed(id, 2),
    stop: () => bus.disconnect(),
  };
}
