/** Codes of the engine in words. A code this catalogue does not know is shown as the engine wrote it. */
import type { Missed, Notice } from '../../engine/protocol/model.ts';
import { fillTemplate, catalogues, isTextKey } from '../../main/text/catalogue.ts';
import { currentLanguage } from './locale.svelte.ts';

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
  return isTextKey(key) ? fillTemplate(catalogues[currentLanguage()][key], notice.parameters) : notice.message;
}
