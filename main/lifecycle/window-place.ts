/** Where a window opens: as it was left, on a display that is there. Pure. */

/** Screen pixels of the system's own scale. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowPlace {
  /** Of the window when it is not maximised. */
  bounds: Rectangle;
  isMaximized: boolean;
}

const DEFAULT_SIZE = { width: 1280, height: 800 };
/** The smallest the pages are laid out for. */
export const LEAST_SIZE = { width: 1120, height: 720 };
/** What must be visible of the title bar for a person to drag the window by it. */
const GRIP = { width: 120, height: 32 };

/**
 * @param workAreas of the displays there are, without their bars; the primary one first. None: nothing is known of them.
 */
export function placeWindow(saved: WindowPlace | undefined, workAreas: readonly Rectangle[]): WindowPlace {
  const primary = workAreas[0];
  if (!primary) return { bounds: { x: 0, y: 0, ...DEFAULT_SIZE }, isMaximized: saved?.isMaximized ?? false };
  const isMaximized = saved?.isMaximized ?? false;
  const area = saved && displayOf(saved.bounds, workAreas);
  if (!saved || !area) return { bounds: centred(saved?.bounds ?? DEFAULT_SIZE, primary), isMaximized };
  const { width, height } = fitted(saved.bounds, area);
  return {
    bounds: {
      x: between(saved.bounds.x, area.x, area.x + area.width - width),
      y: between(saved.bounds.y, area.y, area.y + area.height - height),
      width,
      height,
    },
    isMaximized,
  };
}

/** The display that shows most of the window's title bar, if enough of it to get hold of. */
function displayOf(bounds: Rectangle, workAreas: readonly Rectangle[]): Rectangle | undefined {
  const bar = { ...bounds, height: GRIP.height };
  const shown = workAreas
    .map((area) => ({ area, ...overlap(bar, area) }))
    .filter(({ width, height }) => width >= Math.min(GRIP.width, bounds.width) && height > 0);
  return shown.toSorted((a, b) => b.width * b.height - a.width * a.height)[0]?.area;
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)),
  };
}

function centred(size: { width: number; height: number }, area: Rectangle): Rectangle {
  const { width, height } = fitted(size, area);
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}

/** At least what the pages need, but never more than the display has. */
function fitted(size: { width: number; height: number }, area: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(area.width, Math.max(LEAST_SIZE.width, size.width)),
    height: Math.min(area.height, Math.max(LEAST_SIZE.height, size.height)),
  };
}

function between(value: number, least: number, most: number): number {
  return Math.round(Math.max(least, Math.min(most, value)));
}
