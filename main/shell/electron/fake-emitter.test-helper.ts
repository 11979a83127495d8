/** Events as Electron gives them: listeners, and whether one of them prevented what would happen. */
type Listener = (...args: never[]) => void;

export class FakeEmitter {
  readonly #listeners = new Map<string, Listener[]>();

  on = (event: string, listener: Listener): void => {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  };

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (...all: unknown[]) => void)(...args);
  }

  /** True if nobody prevented it: Electron would then go on. */
  isLetThrough(event: string, details: object = {}, ...args: unknown[]): boolean {
    let isPrevented = false;
    this.emit(event, { ...details, preventDefault: () => (isPrevented = true) }, ...args);
    return !isPrevented;
  }
}
