import type { BotConfig, Config } from '../config/schema.ts';
import type { OrderBook } from '../core/book.ts';
import { createSignal, type Signal } from '../core/signal.ts';
import { createSpreadPair } from '../core/spread.ts';
import type { LegName } from '../core/trade-types.ts';
import { parseE8 } from '../core/units.ts';
import type { Env } from '../env.ts';
import type { History } from '../journal/history.ts';
import type { Journal } from '../journal/journal.ts';
import type { DeskEvent, Exposure } from '../protocol/model.ts';
import type { VenueClient, VenueListener } from '../venues/venue.ts';
import { Announcer } from './announcer.ts';
import type { DeskVenue } from './desk-order.ts';
import { EntryGate } from './entry-gate.ts';
import { FillLedger } from './fill-ledger.ts';
import { firstSnapshot, type DeskSetting } from './first-snapshot.ts';
import { guardEntries } from './guard-entries.ts';
import { Housekeeping } from './housekeeping.ts';
import { LiveControl } from './live-control.ts';
import type { LiveDuties } from './live-duties.ts';
import { MissedOpportunities } from './missed.ts';
import type { OperatorLog } from './operator-log.ts';
import { learnPast } from './past-trades.ts';
import { riskLimitsOf, signalConfigOf } from './plan.ts';
import { PositionMonitor } from './position-monitor.ts';
import { RiskBook } from './risk-book.ts';
import { RunningTrades } from './running-trades.ts';
import { SpikeWatch } from './spike-watch.ts';
import { DeskStatistics } from './statistics.ts';
import { DeskStore } from './store.ts';
import { VenueWatch } from './telemetry.ts';
import { TradingSwitch } from './trading-switch.ts';
import type { SpikeSensitivity } from '../protocol/messages.ts';
import { VenueDoors } from './venue-doors.ts';
import type { VenueProbe } from './venue-findings.ts';
import { createVenueListener } from './venue-listener.ts';

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
  /** Absent: `usual`. */
  spikeSensitivity?: SpikeSensitivity | undefined;
  log: OperatorLog;
  /** End of the recorded market, wall ms; undefined when it does not end. */
  tapeEndsAtWallMs(): number | undefined;
  createVenue(leg: LegName, listener: VenueListener): VenueClient;
  /** Paper and live. */
  real?: {
    /** Whether the venues take orders. */
    probe: VenueProbe;
    /** Real orders: the desk starts disarmed and opens nothing until it is armed. */
    live?: LiveDuties;
  };
}

/** What one desk is made of, put together in the order they need each other; the desk itself moves the data through them. */
export class DeskParts {
  readonly env: Env;
  readonly bot: BotConfig;
  readonly journal: Journal;
  readonly history: History;
  readonly log: OperatorLog;
  readonly sizeE8: number;
  readonly a: DeskVenue;
  readonly b: DeskVenue;
  readonly venues: readonly [DeskVenue, DeskVenue];
  readonly watches = new Map<string, VenueWatch>();
  readonly spreads = createSpreadPair();
  readonly signal: Signal;
  readonly risk: RiskBook;
  readonly gate: EntryGate;
  readonly trades: RunningTrades;
  readonly fills: FillLedger;
  readonly missed: MissedOpportunities;
  readonly monitor: PositionMonitor;
  readonly statistics: DeskStatistics;
  readonly spikes: SpikeWatch;
  readonly switch: TradingSwitch;
  readonly live: LiveControl | undefined;
  readonly doors: VenueDoors | undefined;
  readonly housekeeping: Housekeeping;
  readonly store: DeskStore;
  readonly announcer: Announcer;
  /** Both venues are connected and their markets known. */
  started = false;

  /** @param onBook hot path: called inside the socket's callback each time a book changed */
  constructor(options: DeskOptions, onBook: (book: OrderBook) => void) {
    const { env, bot, history, journal, log, setting } = options;
    this.env = env;
    this.bot = bot;
    this.journal = journal;
    this.history = history;
    this.log = log;
    this.sizeE8 = parseE8(String(bot.position_size));
    this.risk = new RiskBook(env, riskLimitsOf(options.risk, this.sizeE8));
    this.a = this.createVenue(options, 'A', onBook);
    this.b = this.createVenue(options, 'B', onBook);
    this.venues = [this.a, this.b];
    for (const venue of this.venues) this.watches.set(venue.client.id, new VenueWatch(env, venue));
    this.signal = createSignal(signalConfigOf(bot));
    this.gate = new EntryGate(env, this.venues, this.risk.limits, {
      positionE8: (venue) => this.watches.get(venue.client.id)!.positionE8,
      orderInDoubt: (venue) =>
        this.trades.openOrders().some((order) => order.venue === venue && order.record.state === 'DOUBT'),
      dayLossE8: () => this.risk.dayLossE8(),
      tapeEndsAtWallMs: options.tapeEndsAtWallMs,
    });
    this.trades = new RunningTrades(this);
    this.fills = new FillLedger(history, options.venuesInstance);
    this.missed = new MissedOpportunities(history.missed.length, (missed) => {
      journal.append({ kind: 'missed', missed });
      log.write('OPPORTUNITY_MISSED', { ...missed });
      this.publish({ type: 'missed', missed });
    });
    this.monitor = new PositionMonitor(env, bot, options.risk, log);
    this.statistics = new DeskStatistics([this.a.client.id, this.b.client.id], () => this.missed.count);
    this.spikes = new SpikeWatch(log, (spike) => this.publish({ type: 'spike', spike }), options.spikeSensitivity);
    learnPast(history, { ...setting, orderClass: bot.order_class }, this);
    this.switch = new TradingSwitch(this);
    const { real } = options;
    this.live = real?.live && new LiveControl(this, real.live, real.probe);
    this.doors = real && new VenueDoors(this, real.probe);
    this.store = new DeskStore(
      firstSnapshot(env, setting, bot, this.sizeE8, history, this.exposure(), this.statistics.build()),
    );
    if (this.live) this.publish({ type: 'arming', arming: this.live.arming.state });
    for (const spike of this.spikes.active()) this.publish({ type: 'spike', spike });
    this.announcer = new Announcer(env, this.store, log);
    this.housekeeping = new Housekeeping(this);
  }

  publish(event: DeskEvent): void {
    this.store.publish(event);
  }

  notice(level: 'info' | 'warn' | 'error', code: string, message: string): void {
    this.announcer.notice(level, code, message);
    this.live?.onNotice(level, code, message);
  }

  exposure(): Exposure {
    return this.risk.exposure(this.watches.values(), this.trades.openOrders());
  }

  publishExposure(): void {
    if (this.started) this.publish({ type: 'exposure', exposure: this.exposure() });
  }

  publishStatistics(): void {
    this.publish({ type: 'statistics', statistics: this.statistics.build() });
  }

  halt(code: string, detail: string): void {
    this.switch.set('halted', code, detail);
    this.live?.arming.disarm('HS_DISARMED_HALT', `Trading halted: ${detail}`);
    this.notice('error', code, `Trading is halted: ${detail}`);
  }

  private createVenue(options: DeskOptions, leg: LegName, onBook: (book: OrderBook) => void): DeskVenue {
    const symbol = options.symbols[leg];
    const listener = createVenueListener({
      onBook,
      watch: () => this.watches.get(client.id)!,
      facts: () => (leg === 'A' ? this.gate.facts.a : this.gate.facts.b),
      sessions: () => this.trades.all(),
      isStarted: () => this.started,
      notice: (level, code, message) => this.notice(level, code, message),
    });
    const venue = options.createVenue(leg, listener);
    const client = options.real?.live ? guardEntries(venue, () => this.live?.arming.isArmed ?? false) : venue;
    return { leg, client, symbol, book: client.book(symbol) };
  }
}
