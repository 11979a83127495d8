/** What this machine and the program itself give cause to tell. Pure. */
import type { WireError } from '../../engine/protocol/errors.ts';
import { wordsIn } from '../text/words.ts';
import type { AlertDraft } from './alert-draft.ts';
import { inAllLanguages } from './spike-words.ts';

/** The machine goes to sleep, and something is left behind that sleep strands. */
export function sleepAlert(what: 'openPosition' | 'notPaused', tradeId: number | undefined): AlertDraft {
  return {
    group: 'machine',
    category: 'machine.sleep',
    severity: 'critical',
    ...(tradeId !== undefined && { tradeId }),
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      const title = text(`alert.sleep.${what}.title`);
      if (tradeId === undefined) return { title, body: text(`alert.sleep.${what}.body`) };
      return { title, body: text(`alert.sleep.${what}.open`, { trade: tradeId }) };
    }),
  };
}

/** The last run of the program ended by itself. */
export function crashAlert({ code }: WireError): AlertDraft {
  return {
    group: 'machine',
    category: 'machine.crash',
    severity: 'warn',
    words: inAllLanguages((language) => {
      const { text } = wordsIn(language);
      return { title: text('alert.crash.title'), body: text('alert.crash.body', { code }) };
    }),
  };
}
