/** The program's own icon in what each system's package wants, out of the mark the window has too. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeIcns } from './icns.ts';
import { encodeIco } from './ico.ts';
import { renderSvg } from './render-svg.ts';

export const APP_ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
export const APP_LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
/** macOS leaves room for the shadow: 824 of 1024. */
const MAC_MARGIN = 100 / 1024;

const MARK = join(import.meta.dirname, '../../renderer/theme/icon.svg');

/** Writes icon.icns, icon.ico and icons/<size>x<size>.png into `folder`, as electron-builder finds them. */
export function makeAppIcons(folder: string): void {
  const mark = readFileSync(MARK, 'utf8');
  const pictures = new Map<number, Buffer>();
  const png = (size: number) => {
    const known = pictures.get(size) ?? renderSvg(mark, size);
    pictures.set(size, known);
    return known;
  };
  writeFileSync(join(folder, 'icon.ico'), encodeIco(APP_ICO_SIZES.map((size) => ({ size, png: png(size) }))));
  const withMargin = insideMargin(mark);
  writeFileSync(
    join(folder, 'icon.icns'),
    encodeIcns((size) => renderSvg(withMargin, size)),
  );
  rmSync(join(folder, 'icons'), { recursive: true, force: true });
  mkdirSync(join(folder, 'icons'));
  for (const size of APP_LINUX_SIZES) writeFileSync(join(folder, 'icons', `${size}x${size}.png`), png(size));
}

function insideMargin(mark: string): string {
  const side = 1 - 2 * MAC_MARGIN;
  const placed = mark.replace(
    /^<svg [^>]*>/,
    `<svg xmlns="http://www.w3.org/2000/svg" x="${MAC_MARGIN}" y="${MAC_MARGIN}" width="${side}" height="${side}" viewBox="0 0 32 32">`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">${placed}</svg>`;
}
