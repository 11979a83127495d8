/** Names for new sites. Pure. */
import { siteNameSchema } from '../../main/ipc/site-schema.ts';

/** A name made of a host or a city that is free: "tyo-vps-example-net", "tokyo-2". "" where nothing can be made of it. */
export function suggestedName(from: string, taken: readonly string[], numbered: boolean): string {
  const base = from
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 26)
    .replace(/-+$/, '');
  if (base === '') return '';
  for (let count = 1; count <= taken.length + 1; count++) {
    const name = count === 1 && !numbered ? base : `${base}-${count}`;
    if (!taken.includes(name)) return name;
  }
  return base;
}

export function isSiteName(name: string): boolean {
  return siteNameSchema.safeParse(name).success;
}
