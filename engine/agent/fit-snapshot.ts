import type { Snapshot } from '../protocol/model.ts';

/**
 * The snapshot message as text of at most `maxBytes`: of old trades (clients load them with `trades.list`) and old spread
 * points, whichever takes more is shortened first. A few rounds are enough.
 */
export function snapshotText(snapshot: Snapshot, maxBytes: number): string {
  let fitting = snapshot;
  for (;;) {
    const text = JSON.stringify({ type: 'SNAPSHOT', snapshot: fitting });
    const bytes = Buffer.byteLength(text);
    const { trades, spread } = fitting;
    if (bytes <= maxBytes || trades.length + spread.length === 0) return text;
    if (JSON.stringify(trades).length >= JSON.stringify(spread).length) {
      fitting = { ...fitting, trades: trades.slice(0, Math.floor(trades.length * 0.7)) };
    } else {
      fitting = { ...fitting, spread: spread.slice(Math.ceil(spread.length * 0.5)) };
    }
  }
}
