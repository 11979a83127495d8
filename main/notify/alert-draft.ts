import type { Alert, Severity } from '../ipc/alert-schema.ts';

/** What is throttled together: twenty spikes are one nuisance, however many venues they come from. */
export type AlertGroup = 'spikes' | 'engine' | 'trading' | 'venues' | 'keys' | 'machine' | 'sites';

/** Something to tell, before the inbox gives it number and time. */
export interface AlertDraft {
  group: AlertGroup;
  /** What it is about: a new one replaces the old of its category. */
  category: string;
  severity: Severity;
  words: Alert['words'];
  tradeId?: number;
  /** The page a click opens where it is about no trade; without one, the list of alerts. */
  page?: Alert['page'];
}
