import type { Language } from '../ipc/schema.ts';
import { catalogues, fillTemplate, type PluralKey, type TextKey, type ValuesOf } from './catalogue.ts';
import { formatNumber } from './numbers.ts';

/** The values of `key` as the last argument, or no argument where its text has none. */
export type TextValues<Key extends TextKey> = [keyof ValuesOf<Key>] extends [never] ? [] : [ValuesOf<Key>];
/** The same for a plural text; `{count}` is filled in by itself. */
export type PluralValues<Key extends PluralKey> = [Exclude<keyof ValuesOf<`${Key}.other`>, 'count'>] extends [never]
  ? []
  : [Omit<ValuesOf<`${Key}.other`>, 'count'>];

/** The catalogue in one language. */
export interface Words {
  readonly language: Language;
  /** The text of `key`; texts with `{names}` need their values. */
  text<Key extends TextKey>(key: Key, ...values: TextValues<Key>): string;
  /** The plural form of `key` for `count`, which is also the value of `{count}`. */
  plural<Key extends PluralKey>(key: Key, count: number, ...values: PluralValues<Key>): string;
}

export function wordsIn(language: Language): Words {
  const catalogue = catalogues[language];
  const rules = new Intl.PluralRules(language);
  return {
    language,
    text: (key, ...values) => fillTemplate(catalogue[key], values[0]),
    plural(key, count, ...values) {
      const form = rules.select(count) === 'one' ? 'one' : 'other';
      return fillTemplate(catalogue[`${key}.${form}`], { ...values[0], count: formatNumber(language, count) });
    },
  };
}

/** A text of main in every language: what it goes to (the window, a terminal) picks its own. */
export function textInAllLanguages<Key extends TextKey>(
  key: Key,
  ...values: TextValues<Key>
): Record<Language, string> {
  return { en: wordsIn('en').text(key, ...values), fr: wordsIn('fr').text(key, ...values) };
}
