/**
 * Numbers and times as the window writes them (design/ui README, "Numbers and words"): real minus sign, narrow no-break
 * space between French thousands, unit after a no-break space, UTC. Pure: the language is an argument.
 */
import type { Language } from '../ipc/schema.ts';

export const MINUS = '\u2212';
export const NARROW_SPACE = '\u202f';
export const NO_BREAK_SPACE = '\u00a0';

export interface NumberStyle {
  decimals?: number;
  /** `+` before positive numbers. */
  sign?: boolean;
}

const LOCALES: Record<Language, string> = { en: 'en-US', fr: 'fr-FR' };
const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(language: Language, decimals: number): Intl.NumberFormat {
  const key = `${language}${decimals}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(LOCALES[language], {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    numberFormats.set(key, format);
  }
  return format;
}

/** `value` with `decimals` places; a value that rounds to zero has no sign. */
export function formatNumber(language: Language, value: number, style: NumberStyle = {}): string {
  const decimals = style.decimals ?? 0;
  const digits = numberFormat(language, decimals).format(Math.abs(value));
  if (!/[1-9]/.test(digits)) return digits;
  if (value < 0) return MINUS + digits;
  return style.sign ? `+${digits}` : digits;
}

/** Decimals of a duration in ms: 1 below 10 ms, else 0. */
export function decimalsOfMs(ms: number): number {
  return Math.abs(ms) < 9.95 ? 1 : 0;
}

export function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text}${NO_BREAK_SPACE}${unit}`;
}

/** "41 ms", "8.4 ms". */
export function formatMs(language: Language, ms: number): string {
  return withUnit(formatNumber(language, ms, { decimals: decimalsOfMs(ms) }), 'ms');
}

export type SizeUnit = 'kB' | 'MB' | 'MiB' | 'GiB';

const SIZE_UNITS: Record<Language, Record<SizeUnit, string>> = {
  en: { kB: 'kB', MB: 'MB', MiB: 'MiB', GiB: 'GiB' },
  fr: { kB: 'ko', MB: 'Mo', MiB: 'Mio', GiB: 'Gio' },
};

/** "94 MB", in French "94 Mo". */
export function formatSize(language: Language, value: number, unit: SizeUnit, decimals = 0): string {
  return withUnit(formatNumber(language, value, { decimals }), SIZE_UNITS[language][unit]);
}

/** `sampleCount` as "n = 388", unbreakable. */
export function formatCount(language: Language, sampleCount: number): string {
  return `n${NO_BREAK_SPACE}=${NO_BREAK_SPACE}${formatNumber(language, sampleCount)}`;
}

/** An age or a wait, in two units at most: "12 ms", "5 s", "1.4 s", "42 s", "3 min 12 s", "2 h 5 min", "4 d". */
export function formatDuration(language: Language, ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < 1000) return withUnit(formatNumber(language, Math.min(999, positive)), 'ms');
  if (positive < 10_000) {
    const tenths = Math.min(9.9, positive / 1000);
    return withUnit(formatNumber(language, tenths, { decimals: positive % 1000 === 0 ? 0 : 1 }), 's');
  }
  const seconds = Math.floor(positive / 1000);
  if (seconds < 60) return withUnit(String(seconds), 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return pair(hours, 'h', minutes % 60, 'min');
  return withUnit(formatNumber(language, Math.floor(hours / 24)), language === 'fr' ? 'j' : 'd');
}

function pair(first: number, firstUnit: string, second: number, secondUnit: string): string {
  const head = withUnit(String(first), firstUnit);
  return second === 0 ? head : `${head} ${withUnit(String(second), secondUnit)}`;
}

/** UTC time of day of Unix ms: "14:37:22"; with `milliseconds`, "14:37:22.318". */
export function formatTime(atMs: number, precision: 'minutes' | 'seconds' | 'milliseconds' = 'seconds'): string {
  const text = new Date(atMs).toISOString().slice(11, 23);
  return precision === 'minutes' ? text.slice(0, 5) : precision === 'seconds' ? text.slice(0, 8) : text;
}

/** UTC day of Unix ms: "Sun 22 Nov", "dim. 22 nov.". */
export function formatDay(language: Language, atMs: number): string {
  const parts = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')}`;
}

/** Places after the point that show every one of these 1e-8 values exactly, at least `minimum`. */
export function decimalsOfE8(valuesE8: readonly number[], minimum: number): number {
  let decimals = minimum;
  for (const value of valuesE8) {
    while (decimals < 8 && Math.round(Math.abs(value)) % 10 ** (8 - decimals) !== 0) decimals++;
  }
  return decimals;
}

/** 1e-8 units as a double: for showing, never for sums. */
export function fromE8(valueE8: number): number {
  return valueE8 / 100_000_000;
}
