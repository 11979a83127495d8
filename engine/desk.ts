import type { OrderBook } from './core/book.ts';
import type { SignalDecision } from './core/signal.ts';
import { entrySpreadBps, exitSpreadBps, updateSpreads } from './core/spread.ts';
import type { Direction } from './core/types.ts';
import { executeCommand } from './desk/commands.ts';
import { planEntry } from './desk/entry.ts';
import { DeskParts, type DeskOptions } from './desk/parts.ts';
import { startPulse } from './desk/pulse.ts';
import { recover, type RecoveryDesk } from './desk/recovery.ts';
import { roundTripFeesBps } from './desk/taker-fees.ts';
import { TradeSession, type SessionDesk } from './desk/trade-session.ts';
import type { LedgerComparison } from './measure/ledger.ts';
import type { Command, DeskPort } from './protocol/messages.ts';
import type { DeskEvent, Snapshot, Trade } from './protocol/model.ts';

export type { DeskOptions } from './desk/parts.ts';

const CLOSE_TIMEOUT_MS = 30_000;

/**
 * One desk: a pair of venues, one market, at most one trade at a time. The whole way of the data is in this file:
 * `onBook` (frame -> spread -> signal -> trade -> send, synchronous) and back through TradeSession. What it is made of:
 * desk/parts.ts.
 */
export class Desk implements DeskPort {
  private readonly options: DeskOptions;
  private readonly parts: DeskParts;
  private readonly sessionDesk: SessionDesk;
  private stopPulse = (): void => undefined;
  private stopDoors = (): void => undefined;
  private lastTradeId: number;
  /** A taken-up trade may rest already, but an exit now would change the positions that are being compared. */
  private recovering = true;

  constructor(options: DeskOptions) {
    this.options = options;
    this.lastTradeId = options.history.lastTradeId;
    this.parts = new DeskParts(options, (book) => this.onBook(book));
    this.sessionDesk = this.createSessionDesk();
  }

  /**
   * Connects both venues, reconciles, then trades; a live desk rests disarmed instead. Rejects when a venue refuses or its
   * market is unknown.
   */
  async start(): Promise<void> {
    const { parts, options } = this;
    await Promise.all(parts.venues.map(({ client }) => client.start()));
    for (const { client, symbol } of parts.venues) client.market(symbol);
    parts.started = true;
    this.publishFees();
    this.stopDoors = parts.doors?.start() ?? this.stopDoors;
    this.stopPulse = startPulse(parts.env, {
      spread: () => parts.housekeeping.publishSpread(),
      state: () => parts.housekeeping.publishState(),
      loopDelay: (lateMs) => parts.statistics.loopDelay.record(lateMs),
      fault: (code, message) => parts.notice('error', code, message),
    });
    const { bot, setting } = options;
    parts.log.write('BOT_STARTED', {
      desk: bot.id,
      mode: setting.mode,
      network: setting.network,
      tape: setting.tape,
      spread_entry: bot.spread_entry,
      spread_exit: bot.spread_exit,
      position_size: bot.position_size,
    });
    for (const watch of parts.watches.values()) watch.refreshClock();
    parts.housekeeping.publishState();
    const recovered = await recover(this.recoveryDesk());
    this.recovering = false;
    if (recovered && parts.live) parts.live.arming.rest();
    else if (recovered) parts.switch.set('trading');
    parts.env.timers.after(0, () => parts.publishStatistics());
  }

  /** Stops entries, closes what is open and waits until every fill is told: then the ledgers can be compared. */
  async closeForReport(): Promise<void> {
    const { parts } = this;
    parts.switch.set('stopped', 'HS_STOPPED', 'The run is over.');
    parts.live?.arming.disarm('HS_DISARMED_STOP', 'The engine stops.');
    if (!(await parts.trades.closeAll(CLOSE_TIMEOUT_MS))) {
      const message = 'Stopped with a position still open; the next start takes it up again.';
      parts.notice('error', 'HS_CLOSE_INCOMPLETE', message);
    }
  }

  /** Closes what is open, waits for it (bounded), disconnects, closes journal and log. */
  async stop(reason: string): Promise<void> {
    const { parts } = this;
    await this.closeForReport();
    this.stopPulse();
    this.stopDoors();
    parts.trades.stop();
    await Promise.all(parts.venues.map(({ client }) => client.stop()));
    parts.publishStatistics();
    parts.journal.append({ kind: 'stopped', reason });
    parts.log.write('BOT_SHUTDOWN', { reason });
    await parts.journal.close();
    await parts.log.close();
  }

  /** Adds a notice from outside the desk. */
  tell(level: 'info' | 'warn' | 'error', code: `HS_${string}`, message: string): void {
    this.parts.notice(level, code, message);
  }

  snapshot(): Snapshot {
    return this.parts.store.snapshot();
  }

  onEvent(listener: (sequence: number, event: DeskEvent) => void): () => void {
    return this.parts.store.onEvent(listener);
  }

  execute(command: Command): Promise<unknown> {
    const { parts } = this;
    return executeCommand(
      {
        trading: () => parts.switch.state,
        setTrading: (trading, code, message) => parts.switch.set(trading, code, message),
        closeAll: () => parts.trades.closeAll(CLOSE_TIMEOUT_MS),
        trades: () => {
          const all = new Map(parts.history.trades);
          for (const trade of this.snapshot().trades) all.set(trade.id, trade);
          return [...all.values()];
        },
        ledger: () => this.ledger(),
        arming: parts.live?.arming,
        setSpikeSensitivity: (sensitivity) => parts.spikes.setSensitivity(sensitivity),
      },
      command,
    );
  }

  ledger(): Promise<LedgerComparison> {
    return this.parts.fills.compare(this.parts.venues, this.snapshot().desk.startedAt);
  }

  // ---- the hot path -------------------------------------------------------------------------------------------------

  private onBook(book: OrderBook): void {
    const { parts } = this;
    const { a, b, spreads } = parts;
    updateSpreads(spreads, a.book, b.book);
    if (parts.started && !this.recovering && a.book.valid && b.book.valid) {
      const { aOverBBps, bOverABps } = spreads;
      const decision = parts.signal.onTick(book.receivedAtMs, aOverBBps, bOverABps, parts.trades.position);
      if (decision !== 'NONE') this.act(decision);
      else parts.missed.opportunityEnded();
    }
    parts.watches.get(book.venue)!.onBook();
  }

  private act(decision: SignalDecision): void {
    switch (decision) {
      case 'ENTER_A_OVER_B':
      case 'ENTER_B_OVER_A':
        this.tryEntry(decision === 'ENTER_A_OVER_B' ? 'AOverB' : 'BOverA');
        break;
      case 'EXIT':
        this.exit();
        break;
      case 'COOLDOWN':
        this.miss(['COOLDOWN'], 'still cooling down after the last trade');
        break;
      case 'ABSURD':
        this.parts.notice(
          'warn',
          'HS_SPREAD_ABSURD',
          'A spread above spread_entry_max was seen and taken for bad data.',
        );
        break;
      case 'NONE':
        break;
    }
  }

  private tryEntry(direction: Direction): void {
    const { parts } = this;
    const { env, a, b, bot, signal, spreads, sizeE8 } = parts;
    const nowMs = env.clock.monotonicMs();
    const mask = parts.gate.refusals(sizeE8, signal.cooldownUntilMs, nowMs);
    if (mask !== 0) {
      const refusals = parts.gate.explain(mask, nowMs);
      this.miss(
        refusals.map((refusal) => refusal.code),
        refusals.map((refusal) => `${refusal.venue ? `${refusal.venue}: ` : ''}${refusal.detail}`).join('; '),
      );
      return;
    }
    const plan = planEntry(env, { A: a, B: b }, bot, this.snapshot().desk, {
      tradeId: this.lastTradeId + 1,
      direction,
      wantedSizeE8: sizeE8,
      signalMs: nowMs,
      detectedMs: signal.evidence.detectedAtMs,
      spreadBps: entrySpreadBps(direction, spreads),
    });
    if ('refusal' in plan) {
      this.miss([plan.refusal], plan.detail);
      return;
    }
    this.lastTradeId++;
    const session = new TradeSession(this.sessionDesk, plan.trade, plan.context);
    parts.trades.session = session;
    parts.missed.taken();
    session.runner.dispatch({ type: 'enter' });
    parts.log.write('SPREAD_DETECTED', {
      pair: bot.pair,
      direction,
      spread: entrySpreadBps(direction, spreads) / 100,
      threshold: bot.spread_entry,
    });
  }

  private exit(): void {
    const { env, trades, signal, spreads } = this.parts;
    const { session } = trades;
    if (!session) return;
    const nowMs = env.clock.monotonicMs();
    if (nowMs < session.trade.notBeforeMs) return;
    session.beginExit(nowMs, signal.evidence.detectedAtMs, exitSpreadBps(session.trade.direction, spreads));
    session.runner.dispatch({ type: 'exit' });
  }

  // ---- off the hot path ---------------------------------------------------------------------------------------------

  private miss(codes: string[], detail: string): void {
    const { missed, signal, env } = this.parts;
    missed.refused(signal.evidence, env.clock.wallMs(), codes, detail);
  }

  /** Real venues say at start what they take; of practice venues it is known before. */
  private publishFees(): void {
    const { desk } = this.snapshot();
    if (desk.mode === 'practice') return;
    const fees = { kind: desk.fees.kind, roundTripBps: roundTripFeesBps(this.parts.venues) };
    this.parts.publish({ type: 'desk', desk: { ...desk, fees } });
  }

  private onTradeRecord(trade: Trade): void {
    const hasResult = this.parts.announcer.trade(trade);
    if (hasResult) this.parts.risk.addResult(trade.netE8 ?? 0, trade.closedAt ?? trade.openedAt);
  }

  private createSessionDesk(): SessionDesk {
    const { parts } = this;
    const { env, journal, log, statistics, watches, a, b } = parts;
    return {
      env,
      journal,
      log,
      statistics,
      watches,
      venues: { A: a, B: b },
      publishTrade: (trade) => this.onTradeRecord(trade),
      onFillBooked: (fill) => parts.fills.book(fill),
      onEpisode: (tradeId, episode) => parts.spikes.add(tradeId, episode),
      onCounted: () => parts.publishStatistics(),
      onChanged: () => parts.trades.changed(),
      onFlat: () => parts.trades.changed(),
      onHalt: (_session, reason, detail) => parts.halt(`HS_${reason}`, detail),
      onProblem: (code, message) => parts.notice('warn', code, message),
    };
  }

  private recoveryDesk(): RecoveryDesk {
    const { parts } = this;
    const { env, watches, bot, history, journal, a, b } = parts;
    return {
      env,
      watches,
      bot,
      history,
      journal,
      venuesInstance: this.options.venuesInstance,
      venues: { A: a, B: b },
      takeUp: ({ core, context, orders }, entryCounted) => {
        parts.trades.session = new TradeSession(this.sessionDesk, core, context, { orders, entryCounted });
        return parts.trades.session;
      },
      running: () => parts.trades.session,
      publishTrade: (trade) => parts.publish({ type: 'trade', trade }),
      halt: (code, detail) => parts.halt(code, detail),
      notice: (level, code, message) => parts.notice(level, code, message),
    };
  }
}
