/** Keyboard: chords of the page ("j", "/", "Ctrl+Shift+X") and the go-to pairs ("g o"). Single letters are off while typing. */

/** A key press as the bindings name it: modifiers, then the key; letters are lower case unless with Shift alone. */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const command = event.ctrlKey || event.metaKey;
  const letter = event.key.length === 1 && /[a-z]/i.test(event.key);
  const key = letter ? (command || event.altKey ? event.key.toUpperCase() : event.key) : event.key;
  const shift = event.shiftKey && (command || key.length > 1);
  return `${command ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** Whether the press belongs to what has the focus: text being typed, or a control that uses the key itself. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['radio', 'checkbox', 'button'].includes(target.type);
}

/** A binding may decline a press by returning false: it then goes on to the others and to the browser. */
export type Bindings = Record<string, () => unknown>;

const GO_TIMEOUT_MS = 1500;

/**
 * Turns key presses into actions. Layers are asked newest first, so that a page's keys come before the window's.
 */
export class Keyboard {
  #layers: Bindings[] = [];
  #goAt = -Infinity;

  /** Adds a layer; returns how to take it away. */
  bind(bindings: Bindings): () => void {
    this.#layers.push(bindings);
    return () => {
      this.#layers = this.#layers.filter((each) => each !== bindings);
    };
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && chord !== 'Escape' && isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const afterGo = event.timeStamp - this.#goAt < GO_TIMEOUT_MS;
    this.#goAt = -Infinity;
    if (!afterGo && chord === 'g') {
      this.#goAt = event.timeStamp;
      return;
    }
    const wanted = afterGo ? `g ${chord}` : chord;
    for (const layer of this.#layers.toReversed()) {
      if (Object.hasOwn(layer, wanted) && layer[wanted]?.() !== false) {
        event.preventDefault();
        return;
      }
    }
  }
}

export const keyboard = new Keyboard();
