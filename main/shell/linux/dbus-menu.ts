import { Variant } from '@jellybrick/dbus-next';
import { TRAY_ACTIONS, type TrayAction, type TrayEntry } from '../../tray/model.ts';
import { DBusInterface, readOnly } from './dbus-interface.ts';

const INTERFACE = 'com.canonical.dbusmenu';
const ROOT_ID = 0;

type Properties = Record<string, Variant>;
/** Id, properties, children: D-Bus `(ia{sv}av)`. */
type Layout = [number, Properties, Variant<Layout>[]];

/** One line of the menu under an id of its own: the same entry keeps its id from one menu to the next. */
interface Item {
  id: number;
  entry: TrayEntry;
  properties: Properties;
}

/** The menu behind the icon, read and clicked by panels (com.canonical.dbusmenu, libdbusmenu's dbus-menu.xml). */
export class DBusMenu extends DBusInterface {
  readonly #onAction: (action: TrayAction) => void;
  #items: Item[] = [];
  #revision = 1;

  constructor(onAction: (action: TrayAction) => void) {
    super(INTERFACE);
    this.#onAction = onAction;
  }

  /** Takes over a new menu. Where only words changed, an open menu is not rebuilt under the pointer. */
  show(entries: readonly TrayEntry[]): void {
    const before = this.#items;
    this.#items = entries.map((entry, index) => ({ id: idOf(entry, index), entry, properties: propertiesOf(entry) }));
    const hasSameItems =
      before.length === this.#items.length && this.#items.every(({ id }, index) => before[index]?.id === id);
    if (!hasSameItems) {
      this.#revision++;
      this.LayoutUpdated(this.#revision, ROOT_ID);
      return;
    }
    const changed = this.#items.filter(
      ({ properties }, index) => JSON.stringify(properties) !== JSON.stringify(before[index]?.properties),
    );
    if (changed.length > 0)
      this.ItemsPropertiesUpdated(
        changed.map(({ id, properties }) => [id, properties]),
        [],
      );
  }

  get Version(): number {
    return 3;
  }
  get TextDirection(): string {
    return 'ltr';
  }
  get Status(): string {
    return 'normal';
  }
  get IconThemePath(): string[] {
    return [];
  }

  /** The menu is flat: every depth but 0 is the whole of it. Properties asked for by name are sent with all others. */
  GetLayout(parentId: number, depth: number): [number, Layout] {
    if (parentId !== ROOT_ID) {
      const item = this.#items.find(({ id }) => id === parentId);
      return [this.#revision, [parentId, item?.properties ?? {}, []]];
    }
    const children = depth === 0 ? [] : this.#items.map(({ id, properties }): Layout => [id, properties, []]);
    return [
      this.#revision,
      [ROOT_ID, ROOT_PROPERTIES, children.map((child) => new Variant<Layout>('(ia{sv}av)', child))],
    ];
  }

  /** No ids: all items. */
  GetGroupProperties(ids: number[]): [number, Properties][] {
    return [{ id: ROOT_ID, properties: ROOT_PROPERTIES }, ...this.#items]
      .filter(({ id }) => ids.length === 0 || ids.includes(id))
      .map(({ id, properties }) => [id, properties]);
  }

  GetProperty(id: number, name: string): Variant {
    return this.#items.find((item) => item.id === id)?.properties[name] ?? new Variant('s', '');
  }

  Event(id: number, eventId: string): void {
    if (eventId !== 'clicked') return;
    // A click on an entry of an older menu finds nothing: the ids of pause and start differ.
    const entry = this.#items.find((item) => item.id === id)?.entry;
    if (entry?.type === 'action' && entry.isEnabled) this.#onAction(entry.action);
  }

  /** Returns the ids it does not know. */
  EventGroup(events: [number, string, Variant, number][]): number[] {
    for (const [id, eventId] of events) this.Event(id, eventId);
    return events.map(([id]) => id).filter((id) => id !== ROOT_ID && !this.#items.some((item) => item.id === id));
  }

  /** Whether the menu has to be read again before it is shown: it never has, changes are told. */
  AboutToShow(): boolean {
    return false;
  }
  AboutToShowGroup(): [number[], number[]] {
    return [[], []];
  }

  LayoutUpdated(revision: number, parentId: number): [number, number] {
    return [revision, parentId];
  }
  ItemsPropertiesUpdated(updated: [number, Properties][], removed: [number, string[]][]): unknown[] {
    return [updated, removed];
  }
}

DBusMenu.configureMembers({
  properties: {
    Version: readOnly('u'),
    TextDirection: readOnly('s'),
    Status: readOnly('s'),
    IconThemePath: readOnly('as'),
  },
  methods: {
    GetLayout: { inSignature: 'iias', outSignature: 'u(ia{sv}av)' },
    GetGroupProperties: { inSignature: 'aias', outSignature: 'a(ia{sv})' },
    GetProperty: { inSignature: 'is', outSignature: 'v' },
    Event: { inSignature: 'isvu' },
    EventGroup: { inSignature: 'a(isvu)', outSignature: 'ai' },
    AboutToShow: { inSignature: 'i', outSignature: 'b' },
    AboutToShowGroup: { inSignature: 'ai', outSignature: 'aiai' },
  },
  signals: {
    LayoutUpdated: { signature: 'ui' },
    ItemsPropertiesUpdated: { signature: 'a(ia{sv})a(ias)' },
  },
});

const ROOT_PROPERTIES: Properties = { 'children-display': new Variant('s', 'submenu') };

/** Actions have fixed ids; lines without an action are numbered after them by their place. */
function idOf(entry: TrayEntry, index: number): number {
  return entry.type === 'action' ? TRAY_ACTIONS.indexOf(entry.action) + 1 : TRAY_ACTIONS.length + 1 + index;
}

function propertiesOf(entry: TrayEntry): Properties {
  if (entry.type === 'separator') return { type: new Variant('s', 'separator') };
  return {
    // A single underscore would mark the next letter as the access key.
    label: new Variant('s', entry.label.replaceAll('_', '__')),
    enabled: new Variant('b', entry.type === 'action' && entry.isEnabled),
  };
}
