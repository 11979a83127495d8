import type { desktop as english } from '../en/desktop.ts';
import type { SameKeys } from '../same-keys.ts';

export const desktop: SameKeys<typeof english> = {
  'nav.settings': 'Réglages',
  'nav.diagnostics': 'Diagnostic',
};
