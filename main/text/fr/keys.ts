import type { keys as english } from '../en/keys.ts';
import type { SameKeys } from '../same-keys.ts';

export const keys: SameKeys<typeof english> = {
  'nav.risk': 'Risque et clés',
};
