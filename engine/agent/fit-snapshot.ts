import type { Snapshot } from '../protocol/model.ts';

/**
 * The snapshot message as text of at most `maxBytes`: old trades are left out first (clients load them with
 * `trades.list`), then old spread points. A snapshot that large has many trades, so a few rounds are enough.
 */
export function snapshotText(snapshot: Snapshot, maxBytes: number): string {
  let fitting = snapshot;
  for (;;) {
    const text = JSON.stringify({ type: 'SNAPSHOT', snapshot: fitting });
    const bytes = Buffer.byteLength(text);
    if (bytes <= maxBytes) return text;
    if (fitting.trades.length > 0) {
      fitting = { ...fitting, trades: fitting.trades.slice(0, Math.floor(fitting.trades.length * 0.7)) };
    } else if (fitting.spread.length > 0) {
      fitting = { ...fitting, spread: fitting.spread.slice(Math.ceil(fitting.spread.length * 0.5)) };
    } else {
      return text;
    }
  }
}
