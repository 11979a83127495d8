/** Texts and numbers in the chosen language. Reading them in a template or `$derived` follows the language. */
import type { Language } from '../../main/ipc/schema.ts';
import type { PluralKey, TextKey } from '../../main/text/catalogue.ts';
import { wordsIn, type PluralValues, type TextValues } from '../../main/text/words.ts';
import * as numbers from './numbers.ts';

let language = $state<Language>('en');
const words = $derived(wordsIn(language));

export function currentLanguage(): Language {
  return language;
}

export function setLanguage(next: Language): void {
  language = next;
}

/** The text of `key`; texts with `{names}` need their values. */
export function text<Key extends TextKey>(key: Key, ...values: TextValues<Key>): string {
  return words.text(key, ...values);
}

/** The plural form of `key` for `count`, which is also the value of `{count}`. */
export function plural<Key extends PluralKey>(key: Key, count: number, ...values: PluralValues<Key>): string {
  return words.plural(key, count, ...values);
}

export function number(value: number, decimals = 0): string {
  return numbers.formatNumber(language, value, { decimals });
}

export function signed(value: number, decimals = 0): string {
  return numbers.formatNumber(language, value, { decimals, sign: true });
}

/** "94 MB" */
export function size(value: number, unit: numbers.SizeUnit, decimals = 0): string {
  return numbers.formatSize(language, value, unit, decimals);
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
