import type { Language } from '../ipc/schema.ts';

/** The machine's language as POSIX programs read it: the first of LC_ALL, LC_MESSAGES, LANG that is set. */
export function languageOf(environment: Record<string, string | undefined>): Language {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return locale.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}
