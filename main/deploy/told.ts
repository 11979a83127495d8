import type { WireError } from '../../engine/protocol/errors.ts';
import type { Saying, StepProgress } from '../ipc/site-schema.ts';
import { inEnglish, sayingError } from '../text/saying.ts';

type Told = Pick<StepProgress, 'detail' | 'said'>;

/** What a step says, in English and for every language; nothing where it says nothing. */
export function told(said: readonly Saying[] | undefined): Told {
  return said === undefined || said.length === 0 ? {} : { detail: inEnglish(said), said: [...said] };
}

/** That a step ended with an error. */
export function toldError(error: WireError): Told {
  return { detail: error.message, said: [sayingError(error)] };
}

/** What is gone, one by one, in English and for every language. */
export interface Gone {
  gone: string[];
  saidGone: Saying[];
}

export function goneOf(said: readonly Saying[]): Gone {
  return { gone: said.map((what) => inEnglish([what])), saidGone: [...said] };
}
