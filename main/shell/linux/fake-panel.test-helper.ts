/** Plays a desktop's panel: owns the StatusNotifierWatcher, looks at the icon and clicks in its menu, all over D-Bus. */
import { Message, Variant, type MessageBus } from '@jellybrick/dbus-next';
import { join } from 'node:path';
import { PANELS, TRAY_ICONS, type Panel, type TrayIcon } from '../../tray/icon.ts';
import { DBusInterface, readOnly } from './dbus-interface.ts';
import { readPixmaps, type Pixmap } from './pixmaps.ts';
import { connectSessionBus } from './session-bus.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';
const ICONS = join(import.meta.dirname, '../../../build/resources/tray');

export interface PanelItem {
  /** Recognised by its pixels. */
  icon: TrayIcon | undefined;
  /** The panel the pixels were made for. */
  colours: Panel | undefined;
  title: string;
  status: string;
  tooltip: string;
}

export interface PanelMenuItem {
  id: number;
  label: string;
  isEnabled: boolean;
  /** Of a line that is a menu itself. */
  menu?: PanelMenuItem[];
}

type Layout = [number, Record<string, Variant>, Variant<Layout>[]];

class Watcher extends DBusInterface {
  readonly items: string[] = [];

  constructor() {
    super(WATCHER);
  }
  get RegisteredStatusNotifierItems(): string[] {
    return this.items;
  }
  get IsStatusNotifierHostRegistered(): boolean {
    return true;
  }
  get ProtocolVersion(): number {
    return 0;
  }
  RegisterStatusNotifierItem(service: string): void {
    this.items.push(service);
  }
}

Watcher.configureMembers({
  properties: {
    RegisteredStatusNotifierItems: readOnly('as'),
    IsStatusNotifierHostRegistered: readOnly('b'),
    ProtocolVersion: readOnly('i'),
  },
  methods: { RegisterStatusNotifierItem: { inSignature: 's' } },
});

export class FakePanel {
  /** Icon and title each time the item said that one of them changed, without repeats. */
  readonly history: string[] = [];
  /** Names of the signals the item sent, oldest first. */
  readonly signals: string[] = [];
  readonly #bus: MessageBus;
  readonly #pixmaps: Awaited<ReturnType<typeof readPixmaps>>;
  #watcher = new Watcher();

  static async start(environment: Record<string, string | undefined>): Promise<FakePanel> {
    const session = await connectSessionBus(environment, () => undefined);
    if ('reason' in session) throw new Error(session.reason);
    const panel = new FakePanel(session.bus, await readPixmaps(ICONS));
    await panel.#callBus('AddMatch', `type='signal',interface='${ITEM}'`);
    await panel.#callBus('AddMatch', `type='signal',interface='${MENU}'`);
    return panel;
  }

  private constructor(bus: MessageBus, pixmaps: Awaited<ReturnType<typeof readPixmaps>>) {
    this.#bus = bus;
    this.#pixmaps = pixmaps;
    bus.on('message', ({ interface: name, member }: Message) => {
      if (name !== ITEM && name !== MENU) return;
      this.signals.push(member);
      if (member === 'NewIcon' || member === 'NewTitle') void this.#note();
    });
  }

  /** The desktop's panel starts. */
  async appear(): Promise<void> {
    this.#watcher = new Watcher();
    this.#bus.export('/StatusNotifierWatcher', this.#watcher);
    await this.#bus.requestName(WATCHER);
  }

  /** It crashes. */
  async vanish(): Promise<void> {
    await this.#bus.releaseName(WATCHER);
    this.#bus.unexport('/StatusNotifierWatcher', this.#watcher);
  }

  /** Names of the items whose owners are still on the bus. */
  async items(): Promise<string[]> {
    const present = await Promise.all(this.#watcher.items.map((name) => this.#callBus('NameHasOwner', name)));
    return this.#watcher.items.filter((_name, index) => present[index] === true);
  }

  async item(): Promise<PanelItem> {
    const [all] = await this.#call('/StatusNotifierItem', 'org.freedesktop.DBus.Properties', 'GetAll', 's', [ITEM]);
    const properties = all as Record<string, Variant>;
    const text = (name: string) => properties[name]?.value as string;
    const [, , , tooltip] = properties['ToolTip']?.value as [string, unknown, string, string];
    return {
      ...this.#recognise(properties['IconPixmap']?.value as Pixmap[]),
      title: text('Title'),
      status: text('Status'),
      tooltip,
    };
  }

  async menu(): Promise<PanelMenuItem[]> {
    const [, layout] = await this.#call('/StatusNotifierItem/Menu', MENU, 'GetLayout', 'iias', [0, -1, []]);
    const [, , children] = layout as Layout;
    return children.map(itemOf);
  }

  /** Whether the menu gives the properties of its root. */
  async knowsRoot(): Promise<boolean> {
    const [groups] = await this.#call('/StatusNotifierItem/Menu', MENU, 'GetGroupProperties', 'aias', [[0], []]);
    return (groups as [number, unknown][]).some(([id]) => id === 0);
  }

  /** Clicks the entry that begins with `label`, as it stands in the menu now. */
  async click(label: string): Promise<void> {
    const all = (await this.menu()).flatMap((each) => [each, ...(each.menu ?? [])]);
    const entry = all.find((each) => each.label.startsWith(label));
    if (!entry) throw new Error(`no entry "${label}" in the menu`);
    await this.clickId(entry.id);
  }

  async clickId(id: number): Promise<void> {
    const event = [id, 'clicked', new Variant('i', 0), 0];
    await this.#call('/StatusNotifierItem/Menu', MENU, 'Event', 'isvu', event);
  }

  /** Left click by a panel that shows no menu of its own. */
  async activate(): Promise<void> {
    await this.#call('/StatusNotifierItem', ITEM, 'Activate', 'ii', [0, 0]);
  }

  stop(): void {
    this.#bus.disconnect();
  }

  async #note(): Promise<void> {
    try {
      const { icon, title } = await this.item();
      const seen = `${icon} ${title}`;
      if (this.history.at(-1) !== seen) this.history.push(seen);
    } catch (error) {
      // It left the bus between its signal and our question.
      this.signals.push(`unreadable: ${String(error)}`);
    }
  }

  #recognise(pixmaps: Pixmap[]): Pick<PanelItem, 'icon' | 'colours'> {
    for (const icon of TRAY_ICONS) {
      for (const colours of PANELS) {
        const known = this.#pixmaps[icon][colours];
        const isSame = known.every(([width, , pixels], index) => {
          const [shownWidth, , shown] = pixmaps[index] ?? [0, 0, Buffer.alloc(0)];
          return shownWidth === width && pixels.equals(shown);
        });
        if (isSame && known.length === pixmaps.length) return { icon, colours };
      }
    }
    return { icon: undefined, colours: undefined };
  }

  async #call(path: string, name: string, member: string, signature: string, body: unknown[]): Promise<unknown[]> {
    const destination = this.#watcher.items.at(-1);
    if (destination === undefined) throw new Error('no item has registered');
    const answer = await this.#bus.call(new Message({ destination, path, interface: name, member, signature, body }));
    return answer?.body ?? [];
  }

  async #callBus(member: string, argument: string): Promise<unknown> {
    const answer = await this.#bus.call(
      new Message({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member,
        signature: 's',
        body: [argument],
      }),
    );
    return answer?.body[0];
  }
}

function itemOf({ value: [id, properties, children] }: Variant<Layout>): PanelMenuItem {
  const { label, enabled, type } = properties;
  return {
    id,
    label: type?.value === 'separator' ? '---' : (label?.value as string),
    isEnabled: enabled?.value !== false,
    ...(properties['children-display']?.value === 'submenu' && { menu: children.map(itemOf) }),
  };
}
