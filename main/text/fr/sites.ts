import type { sites as english } from '../en/sites.ts';
import type { SameKeys } from '../same-keys.ts';

export const sites: SameKeys<typeof english> = {
  'nav.sites': 'Sites',
};
