import type { BotConfig, Config } from './config/schema.ts';
import type { OrderBook } from './core/book.ts';
import { DayLoss, UnhedgedClock, type RiskLimits } from './core/risk.ts';
import { createSignal, type Signal, type SignalDecision, type SignalPosition } from './core/signal.ts';
import { createSpreadPair, entrySpreadBps, exitSpreadBps, updateSpreads } from './core/spread.ts';
import { tradePositions } from './core/trade-position.ts';
import type { LegName } from './core/trade-types.ts';
import { isTerminal, type Direction } from './core/types.ts';
import { parseE8 } from './core/units.ts';
import { Announcer } from './desk/announcer.ts';
import { executeCommand } from './desk/commands.ts';
import type { DeskVenue } from './desk/desk-order.ts';
import { planEntry } from './desk/entry.ts';
import { exposureRecord } from './desk/exposure.ts';
import { firstSnapshot, type DeskSetting } from './desk/first-snapshot.ts';
import { EntryGate } from './desk/entry-gate.ts';
import { MissedOpportunities } from './desk/missed.ts';
import type { OperatorLog } from './desk/operator-log.ts';
import { percentToBps, riskLimitsOf, signalConfigOf } from './desk/plan.ts';
import { recover, type RecoveryDesk } from './desk/recovery.ts';
import { PositionMonitor } from './desk/position-monitor.ts';
import { startPulse } from './desk/pulse.ts';
import { SpikeWatch } from './desk/spike-watch.ts';
import { DeskStatistics } from './desk/statistics.ts';
import { DeskStore } from './desk/store.ts';
import { VenueWatch, spreadPoint } from './desk/telemetry.ts';
import { TradeSession, type SessionDesk } from './desk/trade-session.ts';
import { createVenueListener } from './desk/venue-listener.ts';
import { waitUntil } from './desk/wait-until.ts';
import type { Env } from './env.ts';
import type { History } from './journal/history.ts';
import type { Journal } from './journal/journal.ts';
import { compareLedger, type LedgerComparison } from './measure/ledger.ts';
import type { Command, DeskPort } from './protocol/messages.ts';
import { isOfSetting } from './protocol/reading.ts';
import { type DeskEvent, type Exposure, type Snapshot, type Trade, type TradingState } from './protocol/model.ts';
import type { FillReport, VenueClient, VenueListener } from './venues/venue.ts';

const CLOSE_TIMEOUT_MS = 30_000;
/** Between the venues' clocks and ours: the first fill may seem older than the start. */
const LEDGER_MARGIN_MS = 1_000;
/** Sessions whose last fills may still be told after their trade went flat. */
const SETTLING_SESSIONS = 32;

export interface DeskOptions {
  env: Env;
  bot: BotConfig;
  risk: Config['risk'];
  setting: DeskSetting;
  symbols: Record<LegName, string>;
  journal: Journal;
  history: History;
  /** Which start of the venues this is: positions of another one are gone. */
  venuesInstance: string;
  log: OperatorLog;
  /** End of the recorded market, wall ms; undefined when it does not end. */
  tapeEndsAtWallMs(): number | undefined;
  createVenue(leg: LegName, listener: VenueListener): VenueClient;
}

/**
 * One desk: a pair of venues, one market, at most one trade at a time. The whole way of the data is in this file:
 * `onBook` (frame -> spread -> signal -> trade -> send, synchronous) and back through TradeSession.
 */
export class Desk implements DeskPort {
  private readonly options: DeskOptions;
  private readonly env: Env;
  private readonly store: DeskStore;
  private readonly announcer: Announcer;
  private readonly signal: Signal;
  private readonly gate: EntryGate;
  private readonly missed: MissedOpportunities;
  private readonly monitor: PositionMonitor;
  private readonly statistics: DeskStatistics;
  private readonly spikes: SpikeWatch;
  private readonly spreads = createSpreadPair();
  private readonly a: DeskVenue;
  private readonly b: DeskVenue;
  private readonly watches = new Map<string, VenueWatch>();
  private readonly sessionDesk: SessionDesk;
  private readonly dayLoss = new DayLoss();
  private readonly unhedged = new UnhedgedClock();
  private readonly limits: RiskLimits;
  private stopPulse = (): void => undefined;
  private readonly wantedSizeE8: number;
  /** The trade running now, then those whose last fills are awaited. */
  private session: TradeSession | undefined;
  private settling: TradeSession[] = [];
  private position: SignalPosition = 'FLAT';
  private trading: TradingState = 'starting';
  private lastTradeId: number;
  private started = false;
  /** A taken-up trade may rest already, but an exit now would change the positions that are being compared. */
  private recovering = true;
  private tapeClosing = false;
  private unhedgedTold = false;
  /** Fills in the journal of this run. */
  private readonly bookedFills: FillReport[] = [];

  constructor(options: DeskOptions) {
    this.options = options;
    this.env = options.env;
    const { bot, risk, history } = options;
    this.wantedSizeE8 = parseE8(String(bot.position_size));
    this.limits = riskLimitsOf(risk, this.wantedSizeE8);
    this.lastTradeId = history.lastTradeId;
    this.a = this.createVenue('A');
    this.b = this.createVenue('B');
    for (const venue of [this.a, this.b]) this.watches.set(venue.client.id, new VenueWatch(this.env, venue));
    this.signal = createSignal(signalConfigOf(bot));
    this.gate = new EntryGate(this.env, [this.a, this.b], this.limits, {
      positionE8: (venue) => this.watch(venue).positionE8,
      orderInDoubt: (venue) =>
        this.openOrders().some((order) => order.venue === venue && order.record.state === 'DOUBT'),
      dayLossE8: () => this.dayLoss.lossE8(this.env.clock.wallMs()),
      tapeEndsAtWallMs: options.tapeEndsAtWallMs,
    });
    this.missed = new MissedOpportunities(history.missed.length, (missed) => {
      options.journal.append({ kind: 'missed', missed });
      options.log.write('OPPORTUNITY_MISSED', { ...missed });
      this.store.publish({ type: 'missed', missed });
    });
    this.monitor = new PositionMonitor(this.env, bot, risk, options.log);
    this.statistics = new DeskStatistics([this.a.client.id, this.b.client.id], () => this.missed.count);
    this.spikes = new SpikeWatch(options.log, (spike) => this.store.publish({ type: 'spike', spike }));
    // Figures of another line or market must not flow into this one's.
    for (const trade of [...history.trades.values()].sort((x, y) => x.id - y.id)) {
      if (isOfSetting(trade, options.setting)) this.countPast(trade);
    }
    this.store = new DeskStore(
      firstSnapshot(
        this.env,
        options.setting,
        bot,
        this.wantedSizeE8,
        history,
        this.exposure(),
        this.statistics.build(),
      ),
    );
    for (const spike of this.spikes.active()) this.store.publish({ type: 'spike', spike });
    this.announcer = new Announcer(this.env, this.store, options.log);
    this.sessionDesk = {
      env: this.env,
      journal: options.journal,
      log: options.log,
      statistics: this.statistics,
      venues: { A: this.a, B: this.b },
      watches: this.watches,
      publishTrade: (trade) => this.onTradeRecord(trade),
      onFillBooked: (fill) => void this.bookedFills.push(fill),
      onEpisode: (tradeId, episode) => this.spikes.add(tradeId, episode),
      onCounted: () => this.store.publish({ type: 'statistics', statistics: this.statistics.build() }),
      onChanged: () => this.onTradeChanged(),
      onFlat: () => this.onTradeChanged(),
      onHalt: (_session, reason, detail) => this.halt(`HS_${reason}`, detail),
      onProblem: (code, message) => this.notice('warn', code, message),
    };
  }

  /** Connects both venues, reconciles, then trades. Rejects when a venue cannot be reached or its market is unknown. */
  async start(): Promise<void> {
    const { options, env } = this;
    await Promise.all([this.a.client.start(), this.b.client.start()]);
    for (const { client, symbol } of [this.a, this.b]) client.market(symbol);
    this.started = true;
    this.stopPulse = startPulse(env, {
      spread: () => this.publishSpread(),
      state: () => this.publishState(),
      loopDelay: (lateMs) => this.statistics.loopDelay.record(lateMs),
      fault: (code, message) => this.notice('error', code, message),
    });
    options.log.write('BOT_STARTED', {
      desk: options.bot.id,
      mode: options.setting.mode,
      network: options.setting.network,
      tape: options.setting.tape,
      spread_entry: options.bot.spread_entry,
      spread_exit: options.bot.spread_exit,
      position_size: options.bot.position_size,
    });
    for (const watch of this.watches.values()) watch.refreshClock();
    this.publishState();
    const recovered = await recover(this.recoveryDesk());
    this.recovering = false;
    if (recovered) this.setTrading('trading');
    env.timers.after(0, () => this.store.publish({ type: 'statistics', statistics: this.statistics.build() }));
  }

  /** Stops entries, closes what is open and waits until every fill is told: then the ledgers can be compared. */
  async closeForReport(): Promise<void> {
    this.setTrading('stopped', 'HS_STOPPED', 'The run is over.');
    if (!(await this.closeAll(CLOSE_TIMEOUT_MS))) {
      this.notice(
        'error',
        'HS_CLOSE_INCOMPLETE',
        'Stopped with a position still open; the next start takes it up again.',
      );
    }
  }

  /** Closes what is open, waits for it (bounded), disconnects, closes journal and log. */
  async stop(reason: string): Promise<void> {
    await this.closeForReport();
    this.stopPulse();
    this.session?.runner.stop();
    for (const session of this.settling) session.runner.stop();
    await Promise.all([this.a.client.stop(), this.b.client.stop()]);
    this.store.publish({ type: 'statistics', statistics: this.statistics.build() });
    this.options.journal.append({ kind: 'stopped', reason });
    this.options.log.write('BOT_SHUTDOWN', { reason });
    await this.options.journal.close();
    await this.options.log.close();
  }

  /** Adds a notice from outside the desk. */
  tell(level: 'info' | 'warn' | 'error', code: `HS_${string}`, message: string): void {
    this.notice(level, code, message);
  }

  snapshot(): Snapshot {
    return this.store.snapshot();
  }

  onEvent(listener: (sequence: number, event: DeskEvent) => void): () => void {
    return this.store.onEvent(listener);
  }

  execute(command: Command): Promise<unknown> {
    return executeCommand(
      {
        trading: () => this.trading,
        setTrading: (trading, code, message) => this.setTrading(trading, code, message),
        closeAll: () => this.closeAll(CLOSE_TIMEOUT_MS),
        trades: () => {
          const all = new Map(this.options.history.trades);
          for (const trade of this.snapshot().trades) all.set(trade.id, trade);
          return [...all.values()];
        },
        ledger: () => this.ledger(),
      },
      command,
    );
  }

  /** The venues' own fills since the first run on this start of theirs against the journal of all those runs, fill by fill. */
  async ledger(): Promise<LedgerComparison> {
    const { history, venuesInstance } = this.options;
    const startedAt = this.snapshot().desk.startedAt;
    const sinceAt = (history.venuesInstance === venuesInstance ? history.venuesSinceAt : startedAt) - LEDGER_MARGIN_MS;
    const venueFills = await Promise.all([this.a.client.fillsSince(sinceAt), this.b.client.fillsSince(sinceAt)]);
    const earlier = history.fills.filter((fill) => fill.receivedAtMs >= sinceAt);
    return compareLedger(venueFills.flat(), [...earlier, ...this.bookedFills]);
  }

  // ---- the hot path -------------------------------------------------------------------------------------------------

  private onBook(book: OrderBook): void {
    const { a, b, spreads } = this;
    updateSpreads(spreads, a.book, b.book);
    if (this.started && !this.recovering && a.book.valid && b.book.valid) {
      const decision = this.signal.onTick(book.receivedAtMs, spreads.aOverBBps, spreads.bOverABps, this.position);
      if (decision !== 'NONE') this.act(decision);
      else this.missed.opportunityEnded();
    }
    this.watches.get(book.venue)!.onBook();
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
        this.notice('warn', 'HS_SPREAD_ABSURD', 'A spread above spread_entry_max was seen and taken for bad data.');
        break;
      case 'NONE':
        break;
    }
  }

  private tryEntry(direction: Direction): void {
    const nowMs = this.env.clock.monotonicMs();
    const mask = this.gate.refusals(this.wantedSizeE8, this.signal.cooldownUntilMs, nowMs);
    if (mask !== 0) {
      const refusals = this.gate.explain(mask, nowMs);
      this.miss(
        refusals.map((refusal) => refusal.code),
        refusals.map((refusal) => `${refusal.venue ? `${refusal.venue}: ` : ''}${refusal.detail}`).join('; '),
      );
      return;
    }
    const plan = planEntry(this.env, { A: this.a, B: this.b }, this.options.bot, this.snapshot().desk, {
      tradeId: this.lastTradeId + 1,
      direction,
      wantedSizeE8: this.wantedSizeE8,
      signalMs: nowMs,
      detectedMs: this.signal.evidence.detectedAtMs,
      spreadBps: entrySpreadBps(direction, this.spreads),
    });
    if ('refusal' in plan) {
      this.miss([plan.refusal], plan.detail);
      return;
    }
    this.lastTradeId++;
    const session = new TradeSession(this.sessionDesk, plan.trade, plan.context);
    this.session = session;
    this.missed.taken();
    session.runner.dispatch({ type: 'enter' });
    this.options.log.write('SPREAD_DETECTED', {
      pair: this.options.bot.pair,
      direction,
      spread: entrySpreadBps(direction, this.spreads) / 100,
      threshold: this.options.bot.spread_entry,
    });
  }

  private exit(): void {
    const { session } = this;
    if (!session) return;
    const nowMs = this.env.clock.monotonicMs();
    if (nowMs < session.trade.notBeforeMs) return;
    const { detectedAtMs } = this.signal.evidence;
    session.beginExit(nowMs, detectedAtMs, exitSpreadBps(session.trade.direction, this.spreads));
    session.runner.dispatch({ type: 'exit' });
  }

  // ---- off the hot path ---------------------------------------------------------------------------------------------

  private createVenue(leg: LegName): DeskVenue {
    const symbol = this.options.symbols[leg];
    const listener = createVenueListener({
      onBook: (book) => this.onBook(book),
      watch: () => this.watches.get(client.id)!,
      facts: () => (leg === 'A' ? this.gate.facts.a : this.gate.facts.b),
      sessions: () => (this.session ? [this.session, ...this.settling] : this.settling),
      isStarted: () => this.started,
      notice: (level, code, message) => this.notice(level, code, message),
    });
    const client = this.options.createVenue(leg, listener);
    return { leg, client, symbol, book: client.book(symbol) };
  }

  private watch(venue: DeskVenue): VenueWatch {
    return this.watches.get(venue.client.id)!;
  }

  private openOrders(): TradeSession['runner']['orders'] {
    return (this.session?.runner.orders ?? []).filter((order) => !isTerminal(order.record.state));
  }

  private onTradeChanged(): void {
    const { session } = this;
    if (session) {
      const { state, direction } = session.trade;
      this.position = state === 'FLAT' ? 'FLAT' : state === 'OPEN' ? direction : 'BUSY';
      this.gate.facts.positionOpen = state !== 'FLAT';
      if (state === 'FLAT') {
        this.session = undefined;
        this.signal.startCooldown(this.env.clock.monotonicMs());
        this.settling = [session, ...this.settling].slice(0, SETTLING_SESSIONS);
      }
    }
    const delta = session ? tradePositions(session.trade).netE8 : 0;
    this.unhedged.update(delta, 0, this.env.clock.monotonicMs());
    if (this.started) this.store.publish({ type: 'exposure', exposure: this.exposure() });
  }

  private onTradeRecord(trade: Trade): void {
    const hasResult = this.announcer.trade(trade);
    if (hasResult) this.dayLoss.add(trade.netE8 ?? 0, trade.closedAt ?? trade.openedAt);
  }

  private miss(codes: string[], detail: string): void {
    const { direction, spreadBps, opportunity } = this.signal.evidence;
    this.missed.refused(opportunity, {
      at: this.env.clock.wallMs(),
      direction,
      spreadBps,
      reason: codes.join('+'),
      detail,
    });
  }

  private async closeAll(timeoutMs: number): Promise<boolean> {
    const { session, env } = this;
    if (session) this.beginClosing(session);
    const quiet = (): boolean => !this.session && this.settling.every((one) => one.isBooked());
    return waitUntil(env, quiet, timeoutMs);
  }

  private halt(code: string, detail: string): void {
    this.gate.facts.halted = true;
    this.setTrading('halted', code, detail);
    this.notice('error', code, `Trading is halted: ${detail}`);
  }

  private setTrading(trading: TradingState, code?: string, message?: string): void {
    if (trading === 'trading') this.gate.facts.halted = false;
    this.gate.facts.paused = trading !== 'trading';
    if (trading === this.trading) return;
    this.trading = trading;
    if (trading === 'trading') this.armLadder();
    else for (const { client } of [this.a, this.b]) client.dropLadder();
    this.store.publish({ type: 'trading', trading, reason: code ? { code, message: message ?? '' } : undefined });
  }

  /** Signed-ahead orders for every order the desk may need next: entries on both sides, reduce-only exits. */
  private armLadder(): void {
    if (!this.started) return;
    const sizeE8 = this.wantedSizeE8;
    const bandBps = percentToBps(this.options.bot.slippage_buffer_pct);
    for (const { client, symbol } of [this.a, this.b]) {
      client.setLadder(
        (['BUY', 'SELL'] as const).flatMap((side) =>
          [false, true].map((reduceOnly) => ({ symbol, side, sizeE8, reduceOnly, bandBps })),
        ),
      );
    }
  }

  private publishSpread(): void {
    const point = spreadPoint(this.env, this.spreads);
    const largest = this.signal.largestSpreadBps;
    if (point)
      this.store.publish({
        type: 'spread',
        points: [point],
        largestSpreadBps: Number.isFinite(largest) ? largest : undefined,
      });
    const ending = this.gate.tapeIsEnding();
    if (ending && this.session && !this.tapeClosing) {
      this.closeNow('info', 'HS_TAPE_ENDING', 'The recorded market is about to end: closing the position.');
    }
    this.tapeClosing = ending;
  }

  private publishState(): void {
    for (const watch of this.watches.values()) {
      watch.refreshClock();
      this.store.publish({ type: 'venue', venue: watch.state() });
    }
    this.store.publish({ type: 'exposure', exposure: this.exposure() });
    this.watchUnhedged();
    const overdue = this.monitor.check(this.session, this.spreads);
    if (overdue) this.closeNow('warn', 'HS_MAX_DURATION', overdue);
  }

  /** Once per naked period: the trade machine works on it, but a person must know. */
  private watchUnhedged(): void {
    const nakedMs = this.unhedged.durationMs(this.env.clock.monotonicMs());
    if (nakedMs > this.limits.maxUnhedgedMs && !this.unhedgedTold) {
      const seconds = (nakedMs / 1000).toFixed(1);
      this.notice(
        'error',
        'HS_UNHEDGED',
        `A leg has been without its other side for ${seconds} s (limit max_unhedged_ms).`,
      );
    }
    this.unhedgedTold = nakedMs > this.limits.maxUnhedgedMs;
  }

  /** Closes the running trade whatever the spread is, and says why. */
  private closeNow(level: 'info' | 'warn', code: `HS_${string}`, why: string): void {
    const { session } = this;
    if (!session) return;
    this.notice(level, code, why);
    this.beginClosing(session);
  }

  private beginClosing(session: TradeSession): void {
    const nowMs = this.env.clock.monotonicMs();
    session.beginExit(nowMs, nowMs, exitSpreadBps(session.trade.direction, this.spreads));
    session.runner.dispatch({ type: 'closeAll' });
  }

  private exposure(): Exposure {
    return exposureRecord(this.env, this.limits, this.watches.values(), this.openOrders(), this.unhedged, this.dayLoss);
  }

  private notice(level: 'info' | 'warn' | 'error', code: string, message: string): void {
    this.announcer.notice(level, code, message);
  }

  private countPast(trade: Trade): void {
    for (const episode of [trade.entry, trade.exit]) {
      if (!episode || episode.state === 'running') continue;
      this.statistics.addEpisode(episode);
      this.spikes.learn(trade.id, episode);
    }
    if (trade.netE8 === undefined) return;
    this.statistics.addTrade(trade);
    this.dayLoss.add(trade.netE8, trade.closedAt ?? trade.openedAt);
  }

  private recoveryDesk(): RecoveryDesk {
    const { env, options, watches } = this;
    return {
      env,
      watches,
      bot: options.bot,
      history: options.history,
      journal: options.journal,
      venuesInstance: options.venuesInstance,
      venues: { A: this.a, B: this.b },
      takeUp: ({ core, context, orders }, entryCounted) => {
        this.session = new TradeSession(this.sessionDesk, core, context, { orders, entryCounted });
        return this.session;
      },
      running: () => this.session,
      publishTrade: (trade) => this.store.publish({ type: 'trade', trade }),
      halt: (code, detail) => this.halt(code, detail),
      notice: (level, code, message) => this.notice(level, code, message),
    };
  }
}
