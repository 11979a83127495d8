import type { Operation } from '../ipc/site-schema.ts';
import type { AlertDraft } from '../notify/alert-draft.ts';
import { catalogues, fillTemplate, isTextKey } from '../text/catalogue.ts';

/** What to tell when a deploy, an upgrade or its undoing has ended; small actions are seen in the window. Pure. */
export function operationAlert(operation: Operation): AlertDraft | undefined {
  const { kind, state, site, error, summary } = operation;
  if (kind === 'action' || state === 'running' || state === 'stopped') return undefined;
  const title =
    state === 'failed' ? 'deploy.ended.failed' : kind === 'undo' ? 'deploy.ended.undone' : 'deploy.ended.done';
  const words = (language: 'en' | 'fr') => ({
    title: fillTemplate(catalogues[language][title], { site }),
    body: error ? errorText(error.code, error.message, language) : (summary ?? ''),
  });
  return {
    group: 'sites',
    category: `site.${site}`,
    severity: state === 'failed' ? 'warn' : 'info',
    words: { en: words('en'), fr: words('fr') },
  };
}

/** The catalogue's sentence for a code, else the English one that came with it. */
function errorText(code: string, message: string, language: 'en' | 'fr'): string {
  const key = `deploy.error.${code}`;
  return isTextKey(key) ? catalogues[language][key] : message;
}
