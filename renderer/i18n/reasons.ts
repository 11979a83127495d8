/** Reasons of the desktop in words. A code this catalogue does not know is shown as main wrote it. */
import { catalogues, isTextKey } from '../../main/text/catalogue.ts';
import type { Failure } from '../state/failure.ts';
import { currentLanguage } from './locale.svelte.ts';

export function reasonText({ code, message, remedy }: Failure): string {
  for (const key of [`reason.${code}`, `alerts.desktop.${code}`]) {
    if (isTextKey(key)) return catalogues[currentLanguage()][key];
  }
  return `${message} ${remedy}`;
}
