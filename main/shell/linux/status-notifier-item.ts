import type { TrayView } from '../../tray/model.ts';
import { DBusInterface, readOnly } from './dbus-interface.ts';
import type { Pixmap } from './pixmaps.ts';

const INTERFACE = 'org.kde.StatusNotifierItem';
export const ITEM_PATH = '/StatusNotifierItem';
export const MENU_PATH = '/StatusNotifierItem/Menu';

/** Icon name, pictures, title, text: D-Bus `(sa(iiay)ss)`. */
type ToolTip = [string, Pixmap[], string, string];

/** https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem: what a panel reads of our icon. */
export class StatusNotifierItem extends DBusInterface {
  readonly #onOpen: () => void;
  #view: TrayView | undefined;
  #pixmaps: Pixmap[] = [];

  constructor(onOpen: () => void) {
    super(INTERFACE);
    this.#onOpen = onOpen;
  }

  /** Takes over a new picture and tells the panels which parts of it changed. */
  show(view: TrayView, pixmaps: Pixmap[]): void {
    const before = { view: this.#view, pixmaps: this.#pixmaps, status: this.Status };
    this.#view = view;
    this.#pixmaps = pixmaps;
    if (before.view?.title !== view.title) this.NewTitle();
    if (before.pixmaps !== pixmaps) {
      this.NewIcon();
      this.NewAttentionIcon();
    }
    if (before.status !== this.Status) this.NewStatus();
    if (before.view?.tooltip.join() !== view.tooltip.join()) this.NewToolTip();
  }

  get Category(): string {
    return 'ApplicationStatus';
  }
  get Id(): string {
    return 'halfspread';
  }
  get Title(): string {
    return this.#view?.title ?? 'Halfspread';
  }
  /** An icon that asks for attention is shown even where the panel hides others. */
  get Status(): string {
    return this.#view?.icon === 'error' ? 'NeedsAttention' : 'Active';
  }
  get WindowId(): number {
    return 0;
  }
  /** Empty: the picture comes as pixels, no icon theme knows it. */
  get IconName(): string {
    return '';
  }
  get IconPixmap(): Pixmap[] {
    return this.#pixmaps;
  }
  get OverlayIconName(): string {
    return '';
  }
  get OverlayIconPixmap(): Pixmap[] {
    return [];
  }
  get AttentionIconName(): string {
    return '';
  }
  get AttentionIconPixmap(): Pixmap[] {
    return this.#pixmaps;
  }
  get AttentionMovieName(): string {
    return '';
  }
  get ToolTip(): ToolTip {
    const lines = this.#view?.tooltip ?? [];
    return ['', [], this.Title, lines.map(escapeMarkup).join('\n')];
  }
  get IconThemePath(): string {
    return '';
  }
  get Menu(): string {
    return MENU_PATH;
  }
  /** Either click shows the menu. */
  get ItemIsMenu(): boolean {
    return true;
  }

  /** A panel that does not honour ItemIsMenu was clicked. */
  Activate(): void {
    this.#onOpen();
  }
  SecondaryActivate(): void {
    this.#onOpen();
  }
  /** The panel shows the menu itself, from `Menu`. */
  ContextMenu(): void {
    return undefined;
  }
  Scroll(): void {
    return undefined;
  }

  NewTitle(): void {
    return undefined;
  }
  NewIcon(): void {
    return undefined;
  }
  NewAttentionIcon(): void {
    return undefined;
  }
  NewToolTip(): void {
    return undefined;
  }
  NewStatus(): string {
    return this.Status;
  }
}

StatusNotifierItem.configureMembers({
  properties: {
    Category: readOnly('s'),
    Id: readOnly('s'),
    Title: readOnly('s'),
    Status: readOnly('s'),
    WindowId: readOnly('i'),
    IconName: readOnly('s'),
    IconPixmap: readOnly('a(iiay)'),
    OverlayIconName: readOnly('s'),
    OverlayIconPixmap: readOnly('a(iiay)'),
    AttentionIconName: readOnly('s'),
    AttentionIconPixmap: readOnly('a(iiay)'),
    AttentionMovieName: readOnly('s'),
    ToolTip: readOnly('(sa(iiay)ss)'),
    IconThemePath: readOnly('s'),
    Menu: readOnly('o'),
    ItemIsMenu: readOnly('b'),
  },
  methods: {
    Activate: { inSignature: 'ii' },
    SecondaryActivate: { inSignature: 'ii' },
    ContextMenu: { inSignature: 'ii' },
    Scroll: { inSignature: 'is' },
  },
  signals: {
    NewTitle: {},
    NewIcon: {},
    NewAttentionIcon: {},
    NewToolTip: {},
    NewStatus: { signature: 's' },
  },
});

/** The tooltip's text is markup (a subset of HTML). */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
