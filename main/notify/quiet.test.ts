import { describe, expect, it } from 'vitest';
import { isQuiet } from './quiet.ts';

const NOW = Date.UTC(2026, 0, 2, 12);

describe('quiet', () => {
  it('is not, unless somebody asked for it', () => expect(isQuiet({}, NOW, 0)).toBe(false));

  it('while muted, to the millisecond', () => {
    expect(isQuiet({ mutedUntil: NOW + 1 }, NOW, 0)).toBe(true);
    expect(isQuiet({ mutedUntil: NOW }, NOW, 0)).toBe(false);
    expect(isQuiet({ mutedUntil: 'unmuted' }, NOW, 0)).toBe(true);
  });

  it.each([
    { what: 'a day', from: 600, to: 700, loud: [0, 599, 700, 1439], quiet: [600, 699] },
    { what: 'a night', from: 1320, to: 420, loud: [420, 1319], quiet: [1320, 1439, 0, 419] },
  ])('in quiet hours of $what, from their first minute to before their last', ({ from, to, loud, quiet }) => {
    const at = (minute: number) => isQuiet({ quietHours: { fromMinute: from, toMinute: to } }, NOW, minute);
    expect(quiet.map(at)).toEqual(quiet.map(() => true));
    expect(loud.map(at)).toEqual(loud.map(() => false));
  });
});
