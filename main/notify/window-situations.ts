/** The window's own crashes as alerts: whoever looks at it later must know that it was not whole. Pure. */
import type { WindowCrash } from '../shell/ports.ts';
import { wordsIn } from '../text/words.ts';
import type { AlertDraft } from './alert-draft.ts';
import { inAllLanguages } from './spike-words.ts';

export function windowAlert({ answer, reason, exitCode }: WindowCrash): AlertDraft | undefined {
  if (answer === 'leave') return undefined;
  const phase = answer === 'reload' ? 'reloaded' : 'stopped';
  return {
    group: 'machine',
    category: 'window',
    severity: 'warn',
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      return {
        title: text(`alert.window.${phase}.title`),
        body: text(`alert.window.${phase}.body`, { reason: `${reason}, ${exitCode}` }),
      };
    }),
  };
}
