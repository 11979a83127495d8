/** The drawings of the tray's icons: one path per state, fitted to whole pixels of its own box. */
import type { Panel, TrayIcon } from '../../main/tray/icon.ts';

/** Contrast on either panel is at least 4.5:1 (design tokens). */
export const COLOURS: Record<Panel, Record<TrayIcon, string>> = {
  dark: {
    off: '#b1bcc7',
    observing: '#e8edf2',
    trading: '#52cdb2',
    warning: '#f0cf5a',
    error: '#ff8088',
    locked: '#e8edf2',
    handover: '#8aa0c4',
  },
  light: {
    off: '#404c57',
    observing: '#11181f',
    trading: '#08705d',
    warning: '#735500',
    error: '#b91c38',
    locked: '#11181f',
    handover: '#3c5a8a',
  },
};

/** Inside of the `svg` element for a box of `size` px, drawn in `colour`. */
type Drawing = (size: number, colour: string) => string;

const DRAWINGS: Record<TrayIcon, Drawing> = {
  /** A ring: no engine runs. */
  off(size, colour) {
    const stroke = ringStroke(size);
    return `<circle cx="${size / 2}" cy="${size / 2}" r="${size / 2 - 1 - stroke / 2}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>`;
  },
  /** A disc, one half filled: books are live, nothing is ordered. */
  observing(size, colour) {
    const centre = size / 2;
    const radius = centre - 1;
    const stroke = ringStroke(size);
    const inner = radius - stroke / 2;
    return (
      `<path d="M${centre} ${centre - radius}v${2 * radius}a${radius} ${radius} 0 0 1 0-${2 * radius}Z" fill="${colour}"/>` +
      `<path d="M${centre} ${centre - inner}a${inner} ${inner} 0 0 1 0 ${2 * inner}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>`
    );
  },
  /** Two half discs, shifted, with a gap: two legs. */
  trading(size, colour) {
    const centre = size / 2;
    const gap = size <= 24 ? 1 : size / 21;
    const shift = Math.round(size * 0.1);
    const radius = centre - 0.5 - shift;
    return (
      `<path d="M${centre - gap} ${centre - shift - radius}v${2 * radius}a${radius} ${radius} 0 0 1 0-${2 * radius}Z" fill="${colour}"/>` +
      `<path d="M${centre + gap} ${centre + shift - radius}v${2 * radius}a${radius} ${radius} 0 0 0 0-${2 * radius}Z" fill="${colour}"/>`
    );
  },
  /** A triangle with an exclamation mark cut out: it goes on, look soon. */
  warning(size, colour) {
    const centre = size / 2;
    const mark = size <= 24 ? 2 : Math.round(size / 11);
    const top = Math.round(size * 0.38);
    const bottom = Math.round(size * 0.65);
    return (
      `<path fill-rule="evenodd" d="M${centre} 1L${size - 0.5} ${size - 1.5}H.5Z` +
      `M${centre - mark / 2} ${top}v${bottom - top}h${mark}v-${bottom - top}Z` +
      `M${centre - mark / 2} ${bottom + 1}v${mark}h${mark}v-${mark}Z" fill="${colour}"/>`
    );
  },
  /** A square with a bar cut out: nothing new happens. */
  error(size, colour) {
    const margin = Math.round(size * 0.11);
    const bar = size <= 24 ? 2 : Math.round(size / 8);
    const barStart = Math.round(size * 0.27);
    const side = size - 2 * margin;
    return (
      `<path fill-rule="evenodd" d="M${margin} ${margin}h${side}v${side}h-${side}Z` +
      `M${barStart} ${size / 2 - bar / 2}v${bar}h${size - 2 * barStart}v-${bar}Z" fill="${colour}"/>`
    );
  },
  /** A padlock: the engine waits for its keys. */
  locked(size, colour) {
    const centre = size / 2;
    const bodyTop = Math.round(size * 0.45);
    const margin = Math.round(size * 0.16);
    const bodyBottom = size - 1;
    const shackle = Math.round(size * 0.2);
    const stroke = ringStroke(size);
    const hole = size <= 24 ? 2 : Math.round(size / 8);
    const holeTop = Math.round(bodyTop + (bodyBottom - bodyTop) * 0.3);
    const holeHeight = Math.round((bodyBottom - bodyTop) * 0.4);
    return (
      `<path fill-rule="evenodd" d="M${margin} ${bodyTop}h${size - 2 * margin}v${bodyBottom - bodyTop}h-${size - 2 * margin}Z` +
      `M${centre - hole / 2} ${holeTop}v${holeHeight}h${hole}v-${holeHeight}Z" fill="${colour}"/>` +
      `<path d="M${centre - shackle} ${bodyTop}V${1 + shackle + stroke / 2}a${shackle} ${shackle} 0 0 1 ${2 * shackle} 0V${bodyTop}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>`
    );
  },
  /** Two arrows: the right to trade moves between sites. */
  handover(size, colour) {
    const unit = size / 16;
    const polygon = (...points: [number, number][]) =>
      `M${points.map(([x, y]) => `${Number((x * unit).toFixed(2))} ${Number((y * unit).toFixed(2))}`).join('L')}Z`;
    const right = polygon([1, 4], [9, 4], [9, 1], [15, 5], [9, 9], [9, 6], [1, 6]);
    const left = polygon([15, 10], [7, 10], [7, 7.6], [1, 11], [7, 15], [7, 12], [15, 12]);
    return `<path d="${right}${left}" fill="${colour}"/>`;
  },
};

function ringStroke(size: number): number {
  if (size <= 16) return 1.5;
  return size <= 24 ? 2 : Math.round(size / 11);
}

/** The whole SVG file of `icon` for a box of `size` px. */
export function iconSvg(icon: TrayIcon, size: number, colour: string): string {
  const body = DRAWINGS[icon](size, colour);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">${body}</svg>\n`;
}
