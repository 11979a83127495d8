import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { PANELS, TRAY_ICONS, type Panel, type TrayIcon } from '../../tray/icon.ts';

/** Width, height, and pixels as ARGB32 in network byte order: D-Bus `(iiay)`. */
export type Pixmap = [number, number, Buffer];

export type Pixmaps = Record<TrayIcon, Record<Panel, Pixmap[]>>;

/** icon -> panel -> size -> deflated ARGB, as build/icons/make.ts writes it. */
const fileSchema = z.record(
  z.enum(TRAY_ICONS),
  z.record(z.enum(PANELS), z.record(z.string().regex(/^\d+$/), z.base64())),
);

/** @param folder holds the generated icons: build/resources/tray, in a build dist/main/tray. */
export async function readPixmaps(folder: string): Promise<Pixmaps> {
  const file = fileSchema.parse(JSON.parse(await readFile(join(folder, 'pixmaps.json'), 'utf8')));
  const bySize = (sizes: Record<string, string>): Pixmap[] =>
    Object.entries(sizes).map(([size, packed]) => [
      Number(size),
      Number(size),
      inflateRawSync(Buffer.from(packed, 'base64')),
    ]);
  const byPanel = (panels: Record<Panel, Record<string, string>>) => ({
    dark: bySize(panels.dark),
    light: bySize(panels.light),
  });
  return Object.fromEntries(TRAY_ICONS.map((icon) => [icon, byPanel(file[icon])])) as Pixmaps;
}
