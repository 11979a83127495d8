/** Reasons of the desktop in words. A code this catalogue does not know is shown as main wrote it. */
import { catalogues, isTextKey } from '../../main/text/catalogue.ts';
import type { Failure } from '../state/failure.ts';
import { errorWords } from './errors.ts';
import { currentLanguage } from './locale.svelte.ts';

export function reasonText(failure: Failure): string {
  for (const key of [`reason.${failure.code}`, `alerts.desktop.${failure.code}`]) {
    if (isTextKey(key)) return catalogues[currentLanguage()][key];
  }
  const words = errorWords(failure);
  return `${words.title} ${words.remedy}`;
}
