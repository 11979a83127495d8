import type { modes as english } from '../en/modes.ts';
import type { SameKeys } from '../same-keys.ts';

export const modes: SameKeys<typeof english> = {};
