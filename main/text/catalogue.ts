import { en } from './en.ts';
import { fr } from './fr.ts';

export type TextKey = keyof typeof en;

/** Every language has exactly the keys of the English catalogue. */
export type Catalogue = Readonly<Record<TextKey, string>>;

/** Keys that come as `.one` and `.other`, without that ending. */
export type PluralKey = TextKey extends infer Key ? (Key extends `${infer Stem}.one` ? Stem : never) : never;

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The values a text needs: one for each `{name}` of its English template. */
export type ValuesOf<Key extends TextKey> = Record<NamesIn<(typeof en)[Key]>, string | number>;

export const catalogues: Record<'en' | 'fr', Catalogue> = { en, fr };

/** `template` with each `{name}` replaced; a name without a value stays visible, so that a mistake is seen. */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Names between braces in `template`, sorted; for comparing the languages. */
export function namesIn(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

/** Whether `key` is a text of the catalogue: for keys made of codes that arrive from the engine. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}
