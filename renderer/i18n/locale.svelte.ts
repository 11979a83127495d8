/** Texts and numbers in the chosen language. Reading them in a template or `$derived` follows the language. */
import type { Language } from '../../main/ipc/schema.ts';
import { catalogues, fillTemplate, type PluralKey, type TextKey, type ValuesOf } from '../../main/text/catalogue.ts';
import * as numbers from './numbers.ts';

let language = $state<Language>('en');
const catalogue = $derived(catalogues[language]);

export function currentLanguage(): Language {
  return language;
}

export function setLanguage(next: Language): void {
  language = next;
}

/** The text of `key`; texts with `{names}` need their values. */
export function text<Key extends TextKey>(
  key: Key,
  ...values: [keyof ValuesOf<Key>] extends [never] ? [] : [ValuesOf<Key>]
): string {
  return fillTemplate(catalogue[key], values[0]);
}

/** The plural form of `key` for `count`, which is also the value of `{count}`. */
export function plural<Key extends PluralKey>(
  key: Key,
  count: number,
  ...values: [Exclude<keyof ValuesOf<`${Key}.other`>, 'count'>] extends [never]
    ? []
    : [Omit<ValuesOf<`${Key}.other`>, 'count'>]
): string {
  const form = new Intl.PluralRules(language).select(count) === 'one' ? 'one' : 'other';
  return fillTemplate(catalogue[`${key}.${form}`], { ...values[0], count: numbers.formatNumber(language, count) });
}

export function number(value: number, decimals = 0): string {
  return numbers.formatNumber(language, value, { decimals });
}

export function signed(value: number, decimals = 0): string {
  return numbers.formatNumber(language, value, { decimals, sign: true });
}

/** "8.0 bps": 1 decimal in lists, 2 on one trade. */
export function bps(value: number, decimals = 1): string {
  return numbers.withUnit(number(value, decimals), 'bps');
}

export function signedBps(value: number, decimals = 1): string {
  return numbers.withUnit(signed(value, decimals), 'bps');
}

export function ms(value: number): string {
  return numbers.formatMs(language, value);
}

export function usd(valueE8: number, decimals = 2): string {
  return numbers.withUnit(signed(numbers.fromE8(valueE8), decimals), 'USD');
}

export function duration(milliseconds: number): string {
  return numbers.formatDuration(language, milliseconds);
}

export function sampleCount(n: number): string {
  return numbers.formatCount(language, n);
}

export function day(atMs: number): string {
  return numbers.formatDay(language, atMs);
}

export function percent(share: number, decimals = 0): string {
  return numbers.withUnit(number(share * 100, decimals), '%');
}
