import type { AppendFile, Env } from '../env.ts';

/** Event names the operator's tools already read (product.md 3); ours stand beside them. */
export type OperatorEventName =
  | 'BOT_STARTED'
  | 'BOT_SHUTDOWN'
  | 'SPREAD_DETECTED'
  | 'TRADE_ENTRY'
  | 'TRADE_EXIT'
  | 'ORDER_PLACED'
  | 'ORDER_FILLED'
  | 'POSITION_MONITORING'
  | 'POSITION_CLOSED'
  | 'SLIPPAGE_ANALYSIS'
  | 'OPPORTUNITY_MISSED'
  | 'ORDER_UPDATE'
  | 'SPIKE_STARTED'
  | 'SPIKE_ENDED'
  | 'NOTICE';

export interface OperatorLog {
  write(event: OperatorEventName, fields: Record<string, unknown>): void;
  close(): Promise<void>;
}

/** Appends one JSON object per line to `<folder>/events.jsonl`: `{event, timestamp_ms, ...fields}`. */
export async function openOperatorLog(env: Env, folder: string): Promise<OperatorLog> {
  await env.disk.makeDirectory(folder);
  const file: AppendFile = await env.disk.openAppend(`${folder}/events.jsonl`);
  return {
    write(event, fields) {
      file.append(`${JSON.stringify({ event, timestamp_ms: Math.round(env.clock.wallMs()), ...fields })}\n`);
    },
    async close() {
      await file.sync();
      await file.close();
    },
  };
}
