import type { deploy as english } from '../en/deploy.ts';
import type { SameKeys } from '../same-keys.ts';

export const deploy: SameKeys<typeof english> = {};
