/** Errors of the whole program in the language of the window. The command line prints them as they were thrown, in English. */
import type { WireError } from '../../engine/protocol/errors.ts';
import type { Language } from '../ipc/schema.ts';
import { catalogues, isTextKey, namesIn, type TextKey } from './catalogue.ts';
import { frenchErrors } from './fr/errors.ts';

/** Of each code what happened, and what to do ("" where nothing is to be done). */
export type ErrorTable = Readonly<Record<`HS_${string}`, readonly [what: string, remedy: string]>>;

/** An error as it is shown: what happened, the error's own words where they say more, what to do. */
export interface ErrorWords {
  title: string;
  /** English, with the figures and names the title leaves out. */
  detail?: string;
  remedy: string;
  /** Of title and remedy, where that is not the language asked for. */
  lang?: 'en';
}

/** Made in the window itself, in its language. */
const WORDED_WHERE_THROWN: ReadonlySet<string> = new Set(['HS_MODE_WAITS', 'HS_CLOSE_UNFINISHED', 'HS_INSTANCE_TAKEN']);

/**
 * The words for a code, in this order: the catalogue's, which every language has (deploys, keys); French of its own, where the
 * error itself is good English; else the error as it came.
 */
export function errorWords({ code, message, remedy }: WireError, language: Language): ErrorWords {
  const keys = keysOf(code);
  if (keys) {
    const catalogue = catalogues[language];
    return { title: catalogue[keys.what], detail: message, remedy: keys.remedy ? catalogue[keys.remedy] : remedy };
  }
  if (language === 'en' || WORDED_WHERE_THROWN.has(code)) return { title: message, remedy };
  const french = frenchErrors.get(code);
  return french ? { title: french[0], detail: message, remedy: french[1] } : { title: message, remedy, lang: 'en' };
}

/** Why the engine is as it is: a code of its notices, of a way back to disarmed, or of an error. */
export type Reason = Pick<WireError, 'code' | 'message'>;

/** The same for a reason: what has words among the notices has no detail. */
export function reasonWords({ code, message }: Reason, language: Language): ErrorWords {
  for (const key of [`notice.${code}`, `arm.reason.${code}`]) {
    if (isTextKey(key) && namesIn(catalogues.en[key]).length === 0)
      return { title: catalogues[language][key], remedy: '' };
  }
  return { ...errorWords({ code, message, remedy: '' }, language), remedy: '' };
}

/** Whether a code has words in every language of the window. */
export function hasErrorWords(code: string): boolean {
  return keysOf(code) !== undefined || WORDED_WHERE_THROWN.has(code) || frenchErrors.has(code);
}

function keysOf(code: string): { what: TextKey; remedy?: TextKey } | undefined {
  const pairs = [
    [`deploy.error.${code}`, `deploy.fix.${code}`],
    [`tradingKeys.error.${code}`, `tradingKeys.error.${code}.do`],
  ];
  for (const [what = '', remedy = ''] of pairs) {
    if (isTextKey(what)) return { what, ...(isTextKey(remedy) && { remedy }) };
  }
  return undefined;
}
