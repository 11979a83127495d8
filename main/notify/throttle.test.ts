import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertGroup } from './alert-draft.ts';
import {
  admit,
  close,
  MOST_PER_WINDOW,
  nextDueAt,
  NOTHING_SHOWN,
  release,
  WINDOW_MS,
  type ThrottleEffect,
  type ThrottleState,
} from './throttle.ts';

function alert(
  title: string,
  severity: 'info' | 'warn' | 'critical' = 'warn',
  category = title,
  group: AlertGroup = 'spikes',
) {
  const words = { title, body: 'body' };
  return { group, category, severity, words: { en: words, fr: words } };
}

/** Plays alerts and the digest's timer; what is shown with its moment. */
class Desktop {
  state: ThrottleState = NOTHING_SHOWN;
  shown: { at: number; title: string }[] = [];
  closed: string[] = [];
  quiet = false;

  tell(at: number, what: ReturnType<typeof alert>): void {
    this.passUntil(at);
    this.#apply(admit(this.state, what, at, this.quiet), at);
  }
  passUntil(at: number): void {
    for (let dueAt = nextDueAt(this.state); dueAt !== undefined && dueAt <= at; dueAt = nextDueAt(this.state))
      this.#apply(release(this.state, dueAt, this.quiet), dueAt);
  }
  #apply({ state, effects }: { state: ThrottleState; effects: ThrottleEffect[] }, at: number): void {
    this.state = state;
    for (const effect of effects) {
      if (effect.type === 'show') this.shown.push({ at, title: effect.alert.words.en.title });
      else this.closed.push(effect.category);
    }
  }
  titles(): string[] {
    return this.shown.map(({ title }) => title);
  }
}

describe('throttle', () => {
  it('of twenty alerts in a minute shows three, then one digest that names the newest', () => {
    const desktop = new Desktop();
    for (let index = 0; index < 20; index++) desktop.tell(index * 3_000, alert(`spike ${index}`));
    desktop.passUntil(10 * WINDOW_MS);
    expect(desktop.shown).toEqual([
      { at: 0, title: 'spike 0' },
      { at: 3_000, title: 'spike 1' },
      { at: 6_000, title: 'spike 2' },
      { at: WINDOW_MS, title: '17 more alerts within a minute' },
    ]);
    expect(nextDueAt(desktop.state)).toBeUndefined();
  });

  it('shows a single one that had to wait as itself', () => {
    const desktop = new Desktop();
    for (let index = 0; index < 4; index++) desktop.tell(index, alert(`spike ${index}`));
    desktop.passUntil(WINDOW_MS);
    expect(desktop.titles()).toEqual(['spike 0', 'spike 1', 'spike 2', 'spike 3']);
  });

  it('takes from the screen what a withheld alert makes untrue', () => {
    const desktop = new Desktop();
    for (let index = 0; index < 3; index++) desktop.tell(index, alert(`spike ${index}`));
    desktop.tell(5, alert('spike 1 is over', 'info', 'spike 1'));
    expect(desktop.closed).toEqual(['spike 1']);
  });

  it('counts each group for itself and never withholds a critical one', () => {
    const desktop = new Desktop();
    for (let index = 0; index < 5; index++) {
      desktop.tell(index, alert(`spike ${index}`));
      desktop.tell(index, alert(`venues ${index}`, 'warn', 'venues', 'venues'));
      desktop.tell(index, alert(`halt ${index}`, 'critical', 'trading', 'trading'));
    }
    expect(desktop.titles().filter((title) => title.startsWith('spike')).length).toBe(3);
    expect(desktop.titles().filter((title) => title.startsWith('venues')).length).toBe(3);
    expect(desktop.titles().filter((title) => title.startsWith('halt')).length).toBe(5);
  });

  it('while quiet shows only critical ones, closes what is out of date and owes no digest', () => {
    const desktop = new Desktop();
    desktop.tell(0, alert('engine lost', 'warn', 'engine', 'engine'));
    desktop.quiet = true;
    desktop.tell(1, alert('engine back', 'info', 'engine', 'engine'));
    desktop.tell(2, alert('halted', 'critical', 'trading', 'trading'));
    desktop.quiet = false;
    desktop.passUntil(10 * WINDOW_MS);
    expect(desktop.titles()).toEqual(['engine lost', 'halted']);
    expect(desktop.closed).toEqual(['engine']);
  });

  it('drops a digest that falls due in quiet time', () => {
    const desktop = new Desktop();
    for (let index = 0; index < 6; index++) desktop.tell(index, alert(`spike ${index}`));
    desktop.quiet = true;
    desktop.passUntil(2 * WINDOW_MS);
    expect(desktop.shown.length).toBe(3);
    expect(nextDueAt(desktop.state)).toBeUndefined();
  });

  it('closes only what was shown', () => {
    const { state } = admit(NOTHING_SHOWN, alert('spike'), 0, false);
    expect(close(state, ['spike', 'other']).effects).toEqual([{ type: 'close', category: 'spike' }]);
  });

  it('never shows more than its bound of one group in any minute, and never loses the last word', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 60 }), (gaps) => {
        const desktop = new Desktop();
        let at = 0;
        for (const [index, gap] of gaps.entries()) desktop.tell((at += gap), alert(`spike ${index}`));
        desktop.passUntil(at + 10 * WINDOW_MS);
        for (const { at: from } of desktop.shown) {
          const within = desktop.shown.filter((each) => each.at >= from && each.at < from + WINDOW_MS);
          expect(within.length).toBeLessThanOrEqual(MOST_PER_WINDOW);
        }
        const digested = desktop.titles().map((title) => Number(/^(\d+) more/.exec(title)?.[1] ?? 1));
        expect(digested.reduce((sum, count) => sum + count, 0)).toBe(gaps.length);
      }),
    );
  });
});
