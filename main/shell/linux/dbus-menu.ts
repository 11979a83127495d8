import { Variant } from '@jellybrick/dbus-next';
import type { TrayAction, TrayEntry } from '../../tray/model.ts';
import { DBusInterface, readOnly } from './dbus-interface.ts';

const INTERFACE = 'com.canonical.dbusmenu';
const ROOT_ID = 0;

type Properties = Record<string, Variant>;
/** Id, properties, children: D-Bus `(ia{sv}av)`. */
type Layout = [number, Properties, Variant<Layout>[]];

/** One line of a menu under an id of its own: the same entry keeps its id from one menu to the next. */
interface Item {
  id: number;
  entry: TrayEntry;
  properties: Properties;
  /** Of a line that is a menu itself. */
  children: Item[];
}

/** The menu behind the icon, read and clicked by panels (com.canonical.dbusmenu, libdbusmenu's dbus-menu.xml). */
export class DBusMenu extends DBusInterface {
  readonly #onAction: (action: TrayAction, site?: string) => void;
  readonly #ids = new MenuIds();
  #items: Item[] = [];
  #revision = 1;

  constructor(onAction: (action: TrayAction, site?: string) => void) {
    super(INTERFACE);
    this.#onAction = onAction;
  }

  /** Takes over a new menu. Where only words changed, an open menu is not rebuilt under the pointer. */
  show(entries: readonly TrayEntry[]): void {
    const before = flat(this.#items);
    this.#items = itemsOf(entries, this.#ids, '');
    const now = flat(this.#items);
    const hasSameItems = before.length === now.length && now.every(({ id }, index) => before[index]?.id === id);
    if (!hasSameItems) {
      this.#revision++;
      this.LayoutUpdated(this.#revision, ROOT_ID);
      return;
    }
    const changed = now.filter(
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

  /** `depth` -1: all of it. Properties asked for by name are sent with all others. */
  GetLayout(parentId: number, depth: number): [number, Layout] {
    if (parentId === ROOT_ID) {
      return [this.#revision, [ROOT_ID, ROOT_PROPERTIES, layoutsOf(this.#items, depth)]];
    }
    const item = this.#find(parentId);
    return [this.#revision, [parentId, item?.properties ?? {}, layoutsOf(item?.children ?? [], depth)]];
  }

  /** No ids: all items. */
  GetGroupProperties(ids: number[]): [number, Properties][] {
    return [{ id: ROOT_ID, properties: ROOT_PROPERTIES }, ...flat(this.#items)]
      .filter(({ id }) => ids.length === 0 || ids.includes(id))
      .map(({ id, properties }) => [id, properties]);
  }

  GetProperty(id: number, name: string): Variant {
    return this.#find(id)?.properties[name] ?? new Variant('s', '');
  }

  Event(id: number, eventId: string): void {
    if (eventId !== 'clicked') return;
    // A click on an entry of an older menu finds nothing: the ids of pause and start differ.
    const entry = this.#find(id)?.entry;
    if (entry?.type === 'action' && entry.isEnabled) this.#onAction(entry.action, entry.site);
  }

  /** Returns the ids it does not know. */
  EventGroup(events: [number, string, Variant, number][]): number[] {
    for (const [id, eventId] of events) this.Event(id, eventId);
    return events.map(([id]) => id).filter((id) => id !== ROOT_ID && !this.#find(id));
  }

  /** Whether the menu has to be read again before it is shown: it never has, changes are told. */
  AboutToShow(): boolean {
    return false;
  }
  AboutToShowGroup(): [number[], number[]] {
    return [[], []];
  }

  #find(id: number): Item | undefined {
    return flat(this.#items).find((item) => item.id === id);
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

/** Whatever is the same entry has the same id, for as long as the program runs. */
class MenuIds {
  readonly #ids = new Map<string, number>();

  of(key: string): number {
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    return id;
  }
}

/** Lines without an action are told apart by their place. @param path of the menu they are in */
function itemsOf(entries: readonly TrayEntry[], ids: MenuIds, path: string): Item[] {
  return entries.map((entry, index) => {
    const key = `${path}/${keyOf(entry, index)}`;
    const children = entry.type === 'menu' ? itemsOf(entry.entries, ids, key) : [];
    return { id: ids.of(key), entry, properties: propertiesOf(entry), children };
  });
}

function keyOf(entry: TrayEntry, index: number): string {
  if (entry.type === 'action') return `${entry.action}:${entry.site ?? ''}`;
  return entry.type === 'menu' ? `menu:${entry.id}` : `${index}`;
}

function flat(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...flat(item.children)]);
}

function layoutsOf(items: readonly Item[], depth: number): Variant<Layout>[] {
  if (depth === 0) return [];
  return items.map(
    ({ id, properties, children }) =>
      new Variant<Layout>('(ia{sv}av)', [id, properties, layoutsOf(children, depth - 1)]),
  );
}

function propertiesOf(entry: TrayEntry): Properties {
  if (entry.type === 'separator') return { type: new Variant('s', 'separator') };
  return {
    // A single underscore would mark the next letter as the access key.
    label: new Variant('s', entry.label.replaceAll('_', '__')),
    enabled: new Variant('b', entry.type === 'menu' || (entry.type === 'action' && entry.isEnabled)),
    ...(entry.type === 'menu' && { 'children-display': new Variant('s', 'submenu') }),
  };
}
