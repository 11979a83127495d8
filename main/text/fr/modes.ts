import type { modes as english } from '../en/modes.ts';
import type { SameKeys } from '../same-keys.ts';

export const modes: SameKeys<typeof english> = {
  'arm.code.terminal': 'Tapez ce code dans la fenêtre d’ici {seconds} s, ou ne faites rien : {code}',
};
