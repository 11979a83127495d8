/** What main said of a deploy, in the window's language. Reads it: use inside a template or `$derived`. */
import type { Finding, Saying } from '../../main/ipc/site-schema.ts';
import type { ErrorWords } from '../../main/text/error-words.ts';
import * as sayings from '../../main/text/saying.ts';
import { currentLanguage } from './locale.svelte.ts';

/** @param english what stands beside it, for a code without words */
export function saidWords(said: readonly Saying[] | undefined, english: string): { text: string; lang?: 'en' } {
  return sayings.saidWords(said, english, currentLanguage());
}

export function commandName(name: string): string {
  return sayings.commandName(name, currentLanguage());
}

export function findingWords(finding: Finding): ErrorWords {
  return sayings.findingWords(finding, currentLanguage());
}
