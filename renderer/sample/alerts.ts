import type { Alert, AlertsState } from '../../main/ipc/alert-schema.ts';
import { SAMPLE_AT } from './snapshot.ts';

const MINUTE_MS = 60_000;

const words = (en: [string, string], fr: [string, string]): Alert['words'] => ({
  en: { title: en[0], body: en[1] },
  fr: { title: fr[0], body: fr[1] },
});

/** One invented inbox: each severity, read and unread. */
export function sampleAlerts(changes: Partial<AlertsState> = {}): AlertsState {
  const inbox: Alert[] = [
    {
      id: 14,
      at: SAMPLE_AT - MINUTE_MS,
      severity: 'warn',
      category: 'spike.latency.paradex',
      tradeId: 21,
      read: false,
      words: words(
        [
          'Latency spike on Paradex',
          'Order to confirm: median 812 ms over 2 orders, usual 386 ms (n = 60). The line out moved most, by 402 ms.',
        ],
        [
          'Pic de latence sur Paradex',
          'De l’ordre à la confirmation : médiane de 812 ms sur 2 ordres, 386 ms d’habitude (n = 60). C’est surtout la ligne aller, de 402 ms.',
        ],
      ),
    },
    {
      id: 13,
      at: SAMPLE_AT - 9 * MINUTE_MS,
      severity: 'info',
      category: 'engine',
      read: false,
      words: words(
        ['The engine is back', 'It was away for 2.4 s. Trading goes on.'],
        ['Le moteur est de retour', 'Absent pendant 2,4 s. Les trades continuent.'],
      ),
    },
    {
      id: 12,
      at: SAMPLE_AT - 9 * MINUTE_MS - 2400,
      severity: 'critical',
      category: 'engine',
      tradeId: 19,
      read: true,
      words: words(
        [
          'The engine stopped by itself',
          'It is started again by itself. Trade #19 was open: nothing exits it until the engine is back.',
        ],
        [
          'Le moteur s’est arrêté tout seul',
          'Il redémarre de lui-même. Le trade #19 était ouvert : rien ne le ferme avant le retour du moteur.',
        ],
      ),
    },
    {
      id: 11,
      at: SAMPLE_AT - 26 * 60 * MINUTE_MS,
      severity: 'info',
      category: 'spike.slippage',
      tradeId: 12,
      read: true,
      words: words(
        [
          'Slippage is back to usual',
          'The spike lasted 3 min 12 s: median 8.4 bps over 10 episodes, usual 3.4 bps (n = 60).',
        ],
        [
          'Le slippage est revenu à la normale',
          'Le pic a duré 3 min 12 s : médiane de 8,4 bps sur 10 épisodes, 3,4 bps d’habitude (n = 60).',
        ],
      ),
    },
  ];
  return {
    inbox,
    unread: inbox.filter(({ read }) => !read).length,
    quietHours: { fromMinute: 22 * 60, toMinute: 7 * 60 },
    desktop: { state: 'shown' },
    ...changes,
  };
}
