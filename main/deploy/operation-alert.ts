import type { Price } from '../ipc/cloud-schema.ts';
import type { Language } from '../ipc/schema.ts';
import type { Operation } from '../ipc/site-schema.ts';
import type { AlertDraft } from '../notify/alert-draft.ts';
import { inAllLanguages } from '../notify/spike-words.ts';
import { errorWords } from '../text/error-words.ts';
import { formatNumber, withUnit } from '../text/numbers.ts';
import { wordsIn, type Words } from '../text/words.ts';

/**
 * What to tell when work on a site has ended. Small actions are told when they failed, a look never; what somebody stopped is
 * no news. Pure.
 * @param price of the server at a cloud that exists now for this site
 */
export function operationAlert(operation: Operation, price?: Price): AlertDraft | undefined {
  const { kind, state, site } = operation;
  if (state === 'running' || state === 'stopped' || kind === 'look') return undefined;
  if (kind === 'action' && state === 'done') return undefined;
  return {
    group: 'sites',
    category: `site.${site}`,
    severity: state === 'failed' ? 'warn' : 'info',
    page: 'sites',
    words: inAllLanguages((language) => {
      const words = wordsIn(language);
      const body = operation.error ? errorWords(operation.error, language).title : doneText(operation, words);
      const costs = price && kind !== 'deleteServer' && state === 'failed' ? ` ${costsText(price, language)}` : '';
      return { title: titleText(operation, words), body: `${body}${costs}` };
    }),
  };
}

function titleText({ kind, action, state, site }: Operation, words: Words): string {
  const failed = state === 'failed';
  switch (kind) {
    case 'deploy':
    case 'upgrade':
    case 'look':
      return words.text(failed ? 'deploy.ended.failed' : 'deploy.ended.done', { site });
    case 'undo':
      return failed
        ? words.text('sites.ended.failed', { what: words.text('sites.doing.undo', { site }) })
        : words.text('deploy.ended.undone', { site });
    case 'deleteServer':
      return words.text(failed ? 'sites.ended.deleteFailed' : 'sites.ended.deleteServer', { site });
    case 'action':
      return words.text('sites.ended.failed', { what: words.text(`sites.doing.${action ?? 'start'}`, { site }) });
  }
}

function doneText({ kind, isUnchanged }: Operation, words: Words): string {
  if (isUnchanged) return words.text('sites.ended.body.unchanged');
  switch (kind) {
    case 'deploy':
      return words.text('sites.ended.body.deploy');
    case 'upgrade':
      return words.text('sites.ended.body.upgrade');
    case 'deleteServer':
      return words.text('sites.ended.body.gone');
    case 'undo':
    case 'action':
    case 'look':
      return words.text('sites.ended.body.undo');
  }
}

function costsText({ amount, currency }: Price, language: Language): string {
  const price = withUnit(formatNumber(language, Number(amount), { decimals: 2 }), currency);
  return wordsIn(language).text('sites.ended.body.costs', { price });
}
