/** One entry of the heap; `cancelled` entries are skipped when they come up. */
export interface Deadline {
  atUs: number;
  order: number;
  fn: () => void;
  cancelled: boolean;
}

/** Pending calls by time; equal times in the order they were added. A binary heap, O(log n) each way. */
export class DeadlineHeap {
  private readonly entries: Deadline[] = [];
  private added = 0;

  add(atUs: number, fn: () => void): Deadline {
    const entry: Deadline = { atUs, order: this.added++, fn, cancelled: false };
    const { entries } = this;
    let index = entries.length;
    entries.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, entries[parent]!)) break;
      entries[index] = entries[parent]!;
      index = parent;
    }
    entries[index] = entry;
    return entry;
  }

  /** The next call that is not cancelled, left in place. */
  peek(): Deadline | undefined {
    while (this.entries[0]?.cancelled) this.removeFirst();
    return this.entries[0];
  }

  pop(): Deadline | undefined {
    const first = this.peek();
    if (first) this.removeFirst();
    return first;
  }

  clear(): void {
    this.entries.length = 0;
  }

  private removeFirst(): void {
    const { entries } = this;
    const last = entries.pop()!;
    const size = entries.length;
    if (size === 0) return;
    let index = 0;
    for (let child = 1; child < size; child = 2 * index + 1) {
      if (child + 1 < size && isBefore(entries[child + 1]!, entries[child]!)) child++;
      if (!isBefore(entries[child]!, last)) break;
      entries[index] = entries[child]!;
      index = child;
    }
    entries[index] = last;
  }
}

function isBefore(a: Deadline, b: Deadline): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}
