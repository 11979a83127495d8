/** Codes of the engine in words. A code this catalogue does not know is shown as the engine wrote it. */
import type { Missed, Notice } from '../../engine/protocol/model.ts';
import { fillTemplate, catalogues, isTextKey } from '../../main/text/catalogue.ts';
import { currentLanguage } from './locale.svelte.ts';

export function missedReason(reason: Missed['reason'], detail = reason): string {
  const key = `missed.${reason}`;
  return isTextKey(key) ? catalogues[currentLanguage()][key] : detail;
}

export function noticeText(notice: Notice): string {
  const key = `notice.${notice.code}`;
  return isTextKey(key) ? fillTemplate(catalogues[currentLanguage()][key], notice.parameters) : notice.message;
}
