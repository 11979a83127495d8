import { trimE8 } from '../core/units.ts';
import type { Env } from '../env.ts';
import type { Trade } from '../protocol/model.ts';
import type { OperatorLog } from './operator-log.ts';
import type { DeskStore } from './store.ts';

type Level = 'info' | 'warn' | 'error';

/** Tells clients and the operator's log what happened. */
export class Announcer {
  private readonly env: Env;
  private readonly store: DeskStore;
  private readonly log: OperatorLog;

  constructor(env: Env, store: DeskStore, log: OperatorLog) {
    this.env = env;
    this.store = store;
    this.log = log;
  }

  notice(level: Level, code: string, message: string): void {
    this.log.write('NOTICE', { level, code, message });
    this.tellClients(level, code, {}, message);
  }

  /** Publishes a trade's latest record, and the line of its opening or closing. Returns whether its result became known. */
  trade(trade: Trade): boolean {
    const known = this.store.snapshot().trades.find((one) => one.id === trade.id);
    this.store.publish({ type: 'trade', trade });
    const closed = known?.netE8 === undefined && trade.netE8 !== undefined;
    const entered = known?.entry.state === 'running' && trade.entry.state !== 'running';
    if (closed) {
      this.tellClients('info', 'HS_TRADE_CLOSED', { id: trade.id, netUsd: Number(trimE8(trade.netE8 ?? 0)) });
    } else if (entered && trade.entry.slippageBps !== undefined) {
      this.tellClients('info', 'HS_TRADE_OPENED', { id: trade.id, slippageBps: trade.entry.slippageBps });
    }
    return closed;
  }

  /** The clients have words for the codes they know; `message` is for those they do not. */
  private tellClients(
    level: Level,
    code: string,
    parameters: Record<string, string | number>,
    message = `${code} ${JSON.stringify(parameters)}`,
  ): void {
    const notice = { at: this.env.clock.wallMs(), level, code, parameters, message };
    this.store.publish({ type: 'notice', notice });
  }
}
