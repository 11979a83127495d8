import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core';

/** Rows of one height in a scrolling element, of which only the visible ones are in the page. */
export class VirtualRows {
  items = $state.raw<VirtualItem[]>([]);
  totalPx = $state(0);
  /** Indexes of the rows in sight. */
  visible = $state.raw({ from: 0, to: 0 });
  #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #element: HTMLElement | null = null;
  #rowPx: number;

  constructor(rowPx: number, headPx: number) {
    this.#rowPx = rowPx;
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => this.#element,
      estimateSize: () => this.#rowPx,
      overscan: 12,
      scrollPaddingStart: headPx,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.#read(),
    });
  }

  /** Attach to the scrolling element. */
  mount(element: HTMLElement): () => void {
    this.#element = element;
    const unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#read();
    return () => {
      unmount();
      this.#element = null;
    };
  }

  setCount(count: number): void {
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, count });
    this.#virtualizer._willUpdate();
    this.#read();
  }

  scrollTo(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  #read(): void {
    this.items = this.#virtualizer.getVirtualItems();
    this.totalPx = this.#virtualizer.getTotalSize();
    const range = this.#virtualizer.range;
    this.visible = { from: range?.startIndex ?? 0, to: range?.endIndex ?? 0 };
  }
}
