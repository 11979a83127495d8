import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PANELS, TRAY_ICONS, type TrayIcon } from '../../main/tray/icon.ts';
import { APP_ICO_SIZES, APP_LINUX_SIZES } from './app-icon.ts';
import { ICNS_SIZES } from './icns.ts';
import { decodePng } from './png.ts';

const folder = join(import.meta.dirname, '../resources/tray');
const read = (name: string) => readFileSync(join(folder, name));

/** One character per pixel: what is left of the picture when only its silhouette is seen. */
function silhouette(icon: TrayIcon): string {
  const { width, height, rgba } = decodePng(read(`mac/${icon}Template.png`));
  expect([width, height]).toEqual([16, 16]);
  return Array.from({ length: width * height }, (_, pixel) => (rgba[pixel * 4 + 3]! >= 128 ? '#' : '.')).join('');
}

const differing = (a: string, b: string) => [...a].filter((pixel, index) => pixel !== b[index]).length;

describe('tray icons', () => {
  it('are seven silhouettes that differ in at least one pixel of eight at 16 px in plain black', () => {
    const shapes = TRAY_ICONS.map((icon) => ({ icon, shape: silhouette(icon) }));
    for (const a of shapes) {
      for (const b of shapes) {
        if (a.icon < b.icon) expect(differing(a.shape, b.shape), `${a.icon} and ${b.icon}`).toBeGreaterThanOrEqual(32);
      }
    }
  });

  it('are black and alpha only where macOS colours them', () => {
    for (const icon of TRAY_ICONS) {
      for (const [suffix, size] of [
        ['', 16],
        ['@2x', 32],
      ] as const) {
        const { width, rgba } = decodePng(read(`mac/${icon}Template${suffix}.png`));
        expect(width).toBe(size);
        for (let at = 0; at < rgba.length; at += 4) expect([...rgba.subarray(at, at + 3)]).toEqual([0, 0, 0]);
      }
    }
  });

  it('exist for light and dark panels of Windows and Linux in every size', () => {
    for (const icon of TRAY_ICONS) {
      for (const panel of PANELS) {
        const ico = read(`windows/${icon}-on-${panel}.ico`);
        expect([...ico.subarray(0, 6)]).toEqual([0, 0, 1, 0, 5, 0]);
        for (const [index, size] of [16, 20, 24, 32, 48].entries()) {
          const entry = 6 + 16 * index;
          const image = ico.subarray(ico.readUInt32LE(entry + 12)).subarray(0, ico.readUInt32LE(entry + 8));
          expect([ico[entry], decodePng(image).width]).toEqual([size, size]);
        }
        for (const size of [16, 22, 24, 32, 48]) {
          expect(decodePng(read(`linux/${icon}-on-${panel}-${size}.png`)).width).toBe(size);
        }
      }
    }
  });

  it('stay small', () => {
    expect(existsSync(join(folder, 'pixmaps.json'))).toBe(true);
    expect(read('pixmaps.json').length).toBeLessThan(64 * 1024);
  });
});

describe('the program’s icon', () => {
  const resources = join(folder, '..');

  it('is there in every size Linux packages take', () => {
    for (const size of APP_LINUX_SIZES) {
      const { width, height } = decodePng(readFileSync(join(resources, 'icons', `${size}x${size}.png`)));
      expect([width, height]).toEqual([size, size]);
    }
  });

  it('is one file for Windows, up to 256 px', () => {
    const ico = readFileSync(join(resources, 'icon.ico'));
    expect(ico.readUInt16LE(4)).toBe(APP_ICO_SIZES.length);
    const sizes = APP_ICO_SIZES.map((_size, index) => {
      const entry = 6 + 16 * index;
      const image = ico.subarray(ico.readUInt32LE(entry + 12)).subarray(0, ico.readUInt32LE(entry + 8));
      return [ico[entry] || 256, decodePng(image).width];
    });
    expect(sizes).toEqual(APP_ICO_SIZES.map((size) => [size, size]));
  });

  it('is one file for macOS, up to 1024 px, with room for the shadow', () => {
    const icns = readFileSync(join(resources, 'icon.icns'));
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    const sizes = new Set<number>();
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const { width, rgba } = decodePng(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)));
      sizes.add(width);
      const middle = 4 * (width * Math.floor(width / 2));
      expect([rgba[middle + 3], rgba[middle + 4 * Math.floor(width / 2) + 3]]).toEqual([0, 255]);
    }
    expect([...sizes].sort((a, b) => a - b)).toEqual(ICNS_SIZES.sort((a, b) => a - b));
  });
});
