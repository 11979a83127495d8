/** Codes of the engine in words. A code without any is shown as the engine wrote it. */
import type { Missed, Notice } from '../../engine/protocol/model.ts';
import { catalogues, fillTemplate, isTextKey, namesIn } from '../../main/text/catalogue.ts';
import { reasonWords } from './errors.ts';
import { currentLanguage, number, signed, text } from './locale.svelte.ts';

/** The engine joins several reasons with `+`; one it names and we do not know brings its own English detail. */
export function missedReason(reason: Missed['reason'], detail = reason): string {
  const keys = reason.split('+').map((code) => `missed.${code}`);
  const known = keys.filter((key) => isTextKey(key));
  if (known.length < keys.length) return detail;
  return known
    .filter((key, index) => known.indexOf(key) === index)
    .map((key) => catalogues[currentLanguage()][key])
    .join(', ');
}

export function noticeText(notice: Notice): string {
  const key = `notice.${notice.code}`;
  if (!isTextKey(key)) return disarmedText(notice.code) ?? reasonWords(notice).title;
  const template = catalogues[currentLanguage()][key];
  const values = namesIn(template).map((name) => [name, parameterText(name, notice.parameters[name])]);
  return fillTemplate(template, Object.fromEntries(values));
}

/** Every way back to disarmed has a code of its own, whose words are shared with the alert and the window's strip. */
function disarmedText(code: string): string | undefined {
  const key = `arm.reason.${code}`;
  if (!isTextKey(key)) return undefined;
  return text('arm.notice.disarmed', { reason: catalogues[currentLanguage()][key] });
}

/** Parameters carry their unit in their name, as all values of the engine do. */
function parameterText(name: string, value: string | number | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (name.endsWith('Usd')) return signed(value, 2);
  if (name.endsWith('Bps')) return number(value, 2);
  return String(value);
}
