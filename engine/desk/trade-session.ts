import { trimE8 } from '../core/units.ts';
import { awaitedFillsE8, type OrderRecord } from '../core/orders.ts';
import type { LegName, Trade as CoreTrade, TradeNote } from '../core/trade-types.ts';
import { isTerminal } from '../core/types.ts';
import type { Env } from '../env.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/record.ts';
import { slippageAnalysisEvent } from '../measure/operator-events.ts';
import type { Episode, Trade } from '../protocol/model.ts';
import type { FillReport } from '../venues/venue.ts';
import type { DeskOrder, DeskVenue } from './desk-order.ts';
import type { OperatorLog } from './operator-log.ts';
import type { DeskStatistics } from './statistics.ts';
import type { VenueWatch } from './telemetry.ts';
import { buildTradeRecord, type TradeContext } from './trade-record.ts';
import { TradeRunner, type TradeObserver } from './trade-runner.ts';

/** Changes of a trade within this time reach the clients as one event. */
const PUBLISH_DELAY_MS = 20;
/** The acknowledgement of a filled order may come after its fill; an episode waits this long for missing stamps. */
const STAMPS_GRACE_MS = 2_000;

/** What a trade's session uses of the desk, and tells it. */
export interface SessionDesk {
  env: Env;
  journal: Journal;
  log: OperatorLog;
  statistics: DeskStatistics;
  venues: Record<LegName, DeskVenue>;
  watches: ReadonlyMap<string, VenueWatch>;
  publishTrade(trade: Trade): void;
  onFillBooked(fill: FillReport): void;
  /** An episode is over with all its stamps; told once. */
  onEpisode(tradeId: number, episode: Episode): void;
  /** An episode or the whole trade went into the statistics. */
  onCounted(): void;
  /** Position, exposure or doubt may have changed. */
  onChanged(): void;
  /** Nothing is open any more; fills may still be told. */
  onFlat(session: TradeSession): void;
  onHalt(session: TradeSession, reason: string, detail: string): void;
  onProblem(code: `HS_${string}`, message: string): void;
}

/** One trade from its signal until its last fill is booked: runs it, journals it, tells the clients and the operator's log. */
export class TradeSession implements TradeObserver {
  readonly runner: TradeRunner;
  private readonly desk: SessionDesk;
  private readonly context: TradeContext;
  private publishing = false;
  private entryCounted = false;
  private finished = false;
  private counted = false;
  private graceTimer: (() => void) | undefined;
  private graceOverAtMs = Number.POSITIVE_INFINITY;

  /** @param restored orders of a trade taken up again after a restart, and whether its entry is already in the statistics */
  constructor(
    desk: SessionDesk,
    trade: CoreTrade,
    context: TradeContext,
    restored?: { orders: DeskOrder[]; entryCounted: boolean },
  ) {
    this.desk = desk;
    this.context = context;
    this.runner = new TradeRunner(desk.env, trade, desk.venues, this);
    if (!restored) return;
    this.runner.adopt(restored.orders);
    this.entryCounted = restored.entryCounted;
  }

  get trade(): CoreTrade {
    return this.runner.trade;
  }

  /** When the entry was signalled, monotonic. */
  get openedAtMs(): number {
    return this.context.entry.signalMs;
  }

  /** The exit signal's or close-all's moment: what the exit episode is measured from. */
  beginExit(signalMs: number, detectedMs: number, detectionSpreadBps: number): void {
    if (this.context.exit && this.runner.orders.some((order) => order.episode === 'exit' && order.record.filledE8 > 0))
      return;
    this.context.exit = { signalAt: this.wallAt(signalMs), signalMs, detectedMs, detectionSpreadBps };
  }

  record(): Trade {
    return buildTradeRecord(
      this.runner.trade,
      this.runner.orders,
      this.context,
      this.desk.watches,
      this.runner.isComplete(),
    );
  }

  onSubmitted(orders: DeskOrder[]): void {
    for (const order of orders) {
      if (order.orderId === 0) continue;
      const { request, plan } = order;
      const venue = order.venue.client.id;
      this.note(
        { kind: 'intent', tradeId: order.tradeId, leg: plan.key, orderId: order.orderId, venue, ...request },
        `intent ${plan.key} ${venue} ${request.side.toLowerCase()} ${trimE8(request.sizeE8)} bound ${trimE8(request.limitPriceE8)}`,
      );
      this.desk.log.write('ORDER_PLACED', {
        trade_id: order.tradeId,
        order_id: order.orderId,
        exchange: venue,
        side: request.side,
        size: trimE8(request.sizeE8),
        limit_price: trimE8(request.limitPriceE8),
        reduce_only: request.reduceOnly,
        purpose: plan.purpose,
      });
    }
    // From here on a restart finds the trade, whatever becomes of its orders.
    this.keep(this.record());
  }

  onOrderChanged(order: DeskOrder, before: OrderRecord): void {
    const { record, plan } = order;
    if (record.state !== before.state && order.orderId !== 0) {
      const venue = order.venue.client.id;
      this.note(
        {
          kind: 'order',
          orderId: order.orderId,
          venue,
          venueOrderId: record.venueOrderId,
          state: record.state,
          filledSizeE8: isTerminal(record.state) ? record.filledE8 : undefined,
          reason: record.reason,
        },
        `${record.state.toLowerCase()} ${plan.key} ${venue}${record.reason ? ` (${record.reason})` : ''}`,
      );
    }
    if (record.anomalies.length > before.anomalies.length) {
      this.desk.onProblem(
        'HS_ORDER_ANOMALY',
        `${plan.key} at ${order.venue.client.id}: ${record.anomalies.join(', ')}`,
      );
    }
    this.publishSoon();
  }

  onFill(order: DeskOrder, fill: FillReport): void {
    const { source: _source, receivedAtMs: _receivedAtMs, ...kept } = fill;
    this.note(
      { kind: 'fill', ...kept },
      `fill ${order.plan.key} ${fill.venue} ${trimE8(fill.sizeE8)} at ${trimE8(fill.priceE8)}`,
    );
    this.desk.log.write('ORDER_FILLED', {
      trade_id: order.tradeId,
      order_id: order.orderId,
      exchange: fill.venue,
      fill_id: fill.fillId,
      price: trimE8(fill.priceE8),
      size: trimE8(fill.sizeE8),
      fee: trimE8(fill.feeE8),
    });
    this.desk.onFillBooked(fill);
    const watch = this.desk.watches.get(fill.venue);
    if (watch) watch.positionE8 += fill.side === 'BUY' ? fill.sizeE8 : -fill.sizeE8;
  }

  onNote(trade: CoreTrade, note: TradeNote, detail: string): void {
    this.note({ kind: 'note', tradeId: trade.id, note, detail }, `${note}: ${detail}`);
  }

  /** True once the finished trade is in the journal with all its fills and in the statistics. */
  isBooked(): boolean {
    return this.counted;
  }

  onTradeChanged(): void {
    this.desk.onChanged();
    this.publishSoon();
  }

  onFinished(): void {
    this.finished = true;
    this.context.closedAt = this.desk.env.clock.wallMs();
    this.desk.onFlat(this);
    this.publishSoon();
  }

  onHalt(_trade: CoreTrade, reason: string, detail: string): void {
    this.desk.onHalt(this, reason, detail);
    this.keep(this.record());
  }

  onProblem(code: `HS_${string}`, message: string): void {
    this.desk.onProblem(code, message);
  }

  /** Counts what has become final: each episode once, the trade once, and keeps the trade in the journal then. */
  private settle(): void {
    const { trade } = this.runner;
    const entryOver = trade.state === 'OPEN' || trade.state === 'FLAT';
    const entryFinal = entryOver && !this.entryCounted && this.isFinal('entry');
    const tradeFinal = this.finished && !this.counted && this.runner.isComplete() && this.isFinal('exit');
    if (!entryFinal && !tradeFinal) return;
    const record = this.record();
    if (entryFinal) {
      this.entryCounted = true;
      this.count(record, record.entry);
    }
    if (tradeFinal) {
      this.counted = true;
      if (record.exit) this.count(record, record.exit);
      this.desk.statistics.addTrade(record);
      this.desk.log.write('POSITION_CLOSED', {
        trade_id: record.id,
        gross_usd: usd(record.grossE8),
        fees_usd: usd(record.feesE8),
        net_usd: usd(record.netE8),
      });
    }
    this.keep(record);
    this.desk.onCounted();
  }

  /** Every fill of the episode has its price, and every stamp that can still come has come (or had its time). */
  private isFinal(episode: 'entry' | 'exit'): boolean {
    const orders = this.runner.orders.filter((order) => order.episode === episode);
    if (!orders.every(({ record }) => record.settled && awaitedFillsE8(record) <= 0)) return false;
    const stamped = orders.every(
      ({ record: { stamps } }) => stamps.ackReceivedMs !== undefined && stamps.t8ConfirmedMs !== undefined,
    );
    const nowMs = this.desk.env.clock.monotonicMs();
    if (stamped || nowMs >= this.graceOverAtMs) {
      this.graceTimer?.();
      this.graceTimer = undefined;
      this.graceOverAtMs = Number.POSITIVE_INFINITY;
      return true;
    }
    if (!this.graceTimer) {
      this.graceOverAtMs = nowMs + STAMPS_GRACE_MS;
      this.graceTimer = this.desk.env.timers.after(STAMPS_GRACE_MS, () => this.publishSoon());
    }
    return false;
  }

  private count(record: Trade, episode: Episode): void {
    this.desk.statistics.addEpisode(episode);
    this.desk.onEpisode(record.id, episode);
    if (episode.legs.every((leg) => leg.filledE8 === 0)) return;
    this.desk.log.write(episode.kind === 'entry' ? 'TRADE_ENTRY' : 'TRADE_EXIT', {
      trade_id: record.id,
      pair: record.coin,
      direction: record.direction,
      long_exchange: record.longVenue,
      short_exchange: record.shortVenue,
      size: trimE8(record.sizeE8),
      notional_usd: usd(record.notionalE8),
      detection_spread: episode.detectionSpreadBps / 100,
      execution_spread: episode.executionSpreadBps === undefined ? null : episode.executionSpreadBps / 100,
    });
    const { event: _event, ...analysis } = slippageAnalysisEvent(record, episode);
    this.desk.log.write('SLIPPAGE_ANALYSIS', { ...analysis });
  }

  private keep(record: Trade): void {
    this.desk.journal.append({ kind: 'trade', trade: record });
    this.desk.publishTrade(record);
  }

  private note(entry: JournalEntry, text: string): void {
    this.line(this.desk.journal.append(entry), text);
  }

  private line(sequence: number, text: string): void {
    const ms = this.desk.env.clock.monotonicMs() - this.context.entry.signalMs;
    this.context.journal.push({ sequence, ms: Math.round(ms * 1000) / 1000, text });
  }

  private publishSoon(): void {
    if (this.publishing) return;
    this.publishing = true;
    this.desk.env.timers.after(PUBLISH_DELAY_MS, () => {
      this.publishing = false;
      this.settle();
      this.desk.publishTrade(this.record());
    });
  }

  private wallAt(monotonicMs: number): number {
    return this.desk.env.clock.wallMs() - (this.desk.env.clock.monotonicMs() - monotonicMs);
  }
}

function usd(amountE8: number | undefined): string | null {
  return amountE8 === undefined ? null : trimE8(amountE8);
}
