import type { BotConfig, Config } from '../config/schema.ts';
import { exitSpreadBps, type SpreadPair } from '../core/spread.ts';
import type { Env } from '../env.ts';
import type { OperatorLog } from './operator-log.ts';
import type { TradeSession } from './trade-session.ts';

const LINE_PERIOD_MS = 10_000;
const HOUR_MS = 3_600_000;

/** The operator's regular line about an open position, and the end of one that has lasted too long. */
export class PositionMonitor {
  private readonly env: Env;
  private readonly bot: BotConfig;
  private readonly maxHours: number | undefined;
  private readonly log: OperatorLog;
  private lineAtMs = Number.NEGATIVE_INFINITY;

  constructor(env: Env, bot: BotConfig, risk: Config['risk'], log: OperatorLog) {
    this.env = env;
    this.bot = bot;
    this.maxHours = risk.max_duration_hours;
    this.log = log;
  }

  /** Returns why the trade must be closed now, or undefined. Called about once a second. */
  check(session: TradeSession | undefined, spreads: SpreadPair): string | undefined {
    if (session?.trade.state !== 'OPEN') return undefined;
    const nowMs = this.env.clock.monotonicMs();
    const openMs = nowMs - session.openedAtMs;
    if (nowMs - this.lineAtMs >= LINE_PERIOD_MS) {
      this.lineAtMs = nowMs;
      const exitBps = exitSpreadBps(session.trade.direction, spreads);
      this.log.write('POSITION_MONITORING', {
        trade_id: session.trade.id,
        pair: this.bot.pair,
        direction: session.trade.direction,
        open_ms: Math.round(openMs),
        exit_spread: Number.isFinite(exitBps) ? exitBps / 100 : null,
        threshold: this.bot.spread_exit,
      });
    }
    if (this.maxHours === undefined || openMs < this.maxHours * HOUR_MS) return undefined;
    return `Trade #${session.trade.id} has been open for ${this.maxHours} h (max_duration_hours): closing it.`;
  }
}
