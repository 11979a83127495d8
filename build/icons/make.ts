/**
 * `npm run icons`: draws the tray's icons into build/resources/tray, and the program's own into build/resources
 * (icon.icns, icon.ico, icons/). Needs rsvg-convert (Debian: librsvg2-bin; macOS: `brew install librsvg`); the results are
 * committed, so that nothing else needs it. Of the tray:
 *   mac/<icon>Template.png, ...@2x.png   black and alpha; macOS colours them
 *   windows/<icon>-on-<panel>.ico        16 to 48 px
 *   linux/<icon>-on-<panel>-<size>.png
 *   pixmaps.json                         the Linux icons as pixels, for D-Bus (main/shell/linux/pixmaps.ts reads it)
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { PANELS, TRAY_ICONS, type Panel, type TrayIcon } from '../../main/tray/icon.ts';
import { makeAppIcons } from './app-icon.ts';
import { encodeIco } from './ico.ts';
import { decodePng, type Bitmap } from './png.ts';
import { renderSvg } from './render-svg.ts';
import { COLOURS, iconSvg } from './shapes.ts';

const MAC_SIZES = { '': 16, '@2x': 32 } as const;
const WINDOWS_SIZES = [16, 20, 24, 32, 48];
const LINUX_SIZES = [16, 22, 24, 32, 48];

const folder = join(import.meta.dirname, '../resources/tray');
rmSync(folder, { recursive: true, force: true });
for (const system of ['mac', 'windows', 'linux']) mkdirSync(join(folder, system), { recursive: true });

const pixmaps: Record<string, Record<string, Record<string, string>>> = {};
for (const icon of TRAY_ICONS) {
  for (const [suffix, size] of Object.entries(MAC_SIZES)) {
    writeFileSync(join(folder, 'mac', `${icon}Template${suffix}.png`), render(icon, size, '#000'));
  }
  pixmaps[icon] = {};
  for (const panel of PANELS) {
    const images = WINDOWS_SIZES.map((size) => ({ size, png: render(icon, size, COLOURS[panel][icon]) }));
    writeFileSync(join(folder, 'windows', `${icon}-on-${panel}.ico`), encodeIco(images));
    pixmaps[icon][panel] = linuxIcons(icon, panel);
  }
}
makeAppIcons(join(folder, '..'));
writeFileSync(join(folder, 'pixmaps.json'), `${JSON.stringify(pixmaps, undefined, 2)}\n`);

/** Writes the PNGs and returns size -> pixels. */
function linuxIcons(icon: TrayIcon, panel: Panel): Record<string, string> {
  const bySize: Record<string, string> = {};
  for (const size of LINUX_SIZES) {
    const png = render(icon, size, COLOURS[panel][icon]);
    writeFileSync(join(folder, 'linux', `${icon}-on-${panel}-${size}.png`), png);
    bySize[size] = deflateRawSync(toArgb(decodePng(png)), { level: 9 }).toString('base64');
  }
  return bySize;
}

/** StatusNotifierItem wants ARGB32 in network byte order. */
function toArgb({ rgba }: Bitmap): Uint8Array {
  const argb = new Uint8Array(rgba.length);
  for (let at = 0; at < rgba.length; at += 4) {
    argb.set([rgba[at + 3]!, rgba[at]!, rgba[at + 1]!, rgba[at + 2]!], at);
  }
  return argb;
}

function render(icon: TrayIcon, size: number, colour: string): Buffer {
  return renderSvg(iconSvg(icon, size, colour), size);
}
