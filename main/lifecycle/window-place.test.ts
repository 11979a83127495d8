import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeWindow, type Rectangle, type WindowPlace } from './window-place.ts';

const laptop: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const right: Rectangle = { x: 1440, y: 0, width: 2560, height: 1440 };
const above: Rectangle = { x: -300, y: -1080, width: 1920, height: 1080 };
const left = (bounds: Rectangle, isMaximized = false): WindowPlace => ({ bounds, isMaximized });
const size = { width: 1300, height: 850 };

describe('place of the window', () => {
  it('is the middle of the primary display the first time', () => {
    expect(placeWindow(undefined, [right, laptop])).toEqual(left({ x: 2080, y: 320, width: 1280, height: 800 }));
  });

  it('is where it was left, also on a second display and on one with negative places', () => {
    for (const bounds of [
      { x: 100, y: 40, ...size },
      { x: 2000, y: 300, ...size },
      { x: -200, y: -1000, ...size },
    ]) {
      expect(placeWindow(left(bounds), [laptop, right, above])).toEqual(left(bounds));
    }
  });

  it('comes back to the primary display when its own was unplugged, with its size as far as it fits', () => {
    const was = left({ x: 2000, y: 300, width: 2000, height: 1200 }, true);
    expect(placeWindow(was, [laptop])).toEqual(left({ x: 0, y: 25, width: 1440, height: 875 }, true));
    expect(placeWindow(left({ x: -200, y: -1000, ...size }), [laptop])).toEqual(left({ x: 70, y: 38, ...size }));
  });

  it('is pulled in when only a corner or only its body would be seen', () => {
    expect(placeWindow(left({ x: 1400, y: 600, ...size }), [laptop])).toEqual(left({ x: 70, y: 38, ...size }));
    expect(placeWindow(left({ x: 200, y: -300, ...size }), [laptop])).toEqual(left({ x: 70, y: 38, ...size }));
    expect(placeWindow(left({ x: 300, y: 200, ...size }), [laptop])).toEqual(left({ x: 140, y: 50, ...size }));
  });

  it('grows to what the pages need, and shrinks to a display that is smaller than that', () => {
    expect(placeWindow(left({ x: 10, y: 30, width: 200, height: 90 }), [laptop]).bounds).toMatchObject({
      width: 1120,
      height: 720,
    });
    const small = { x: 0, y: 0, width: 1024, height: 600 };
    expect(placeWindow(left({ x: 10, y: 30, ...size }), [small]).bounds).toEqual(small);
  });

  it('lies on a display whatever was saved and whatever is plugged in', () => {
    const rectangle = fc.record({
      x: fc.integer({ min: -8_000, max: 8_000 }),
      y: fc.integer({ min: -8_000, max: 8_000 }),
      width: fc.integer({ min: 1, max: 6_000 }),
      height: fc.integer({ min: 1, max: 6_000 }),
    });
    fc.assert(
      fc.property(
        rectangle,
        fc.array(rectangle, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (bounds, areas, isMaximized) => {
          const placed = placeWindow(left(bounds, isMaximized), areas);
          expect(placed.isMaximized).toBe(isMaximized);
          const { x, y, width, height } = placed.bounds;
          expect(
            areas.some(
              (area) =>
                x >= area.x && y >= area.y && x + width <= area.x + area.width && y + height <= area.y + area.height,
            ),
          ).toBe(true);
        },
      ),
    );
  });

  it('keeps to the defaults where displays are not known', () => {
    expect(placeWindow(undefined, [])).toEqual(left({ x: 0, y: 0, width: 1280, height: 800 }));
  });
});
