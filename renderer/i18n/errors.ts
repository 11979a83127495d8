/** What was thrown, in the window's language. Reads it: use inside a template or `$derived`. */
import * as errors from '../../main/text/error-words.ts';
import type { Failure } from '../state/failure.ts';
import { currentLanguage } from './locale.svelte.ts';

export function errorWords(failure: Failure): errors.ErrorWords {
  return errors.errorWords(failure, currentLanguage());
}

export function reasonWords(reason: errors.Reason): errors.ErrorWords {
  return errors.reasonWords(reason, currentLanguage());
}
