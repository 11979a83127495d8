/** A live desk on scripted venues: every check of arming can be made to fail, every end of an arming made to happen. */
import { configSchema } from '../config/schema.ts';
import { Desk } from '../desk.ts';
import { buildHistory } from '../journal/history.ts';
import { openJournal, readRecords } from '../journal/journal.ts';
import { createOrderIds } from '../journal/order-ids.ts';
import type { JournalEntry } from '../journal/record.ts';
import type { ArmingLimits, ArmingReport } from '../protocol/arming.ts';
import type { Command } from '../protocol/messages.ts';
import { MemoryDisk } from './memory-disk.ts';
import { createVirtualEnv, type VirtualEnv } from './virtual-env.ts';
import type { LiveDuties } from '../desk/live-duties.ts';
import type { VenueFindings } from '../desk/venue-findings.ts';
import type { MarketDataStatus } from '../venues/venue.ts';
import { openOperatorLog } from '../desk/operator-log.ts';
import { ScriptedVenue } from '../desk/scripted-venue.test-helper.ts';

const FOLDER = '/live';
const START_WALL_MS = Date.UTC(2026, 10, 1);
export const CONFIG_LIMITS: ArmingLimits = { maxNotionalE8: 25_000e8, maxUnhedgedMs: 3_000, maxDayLossE8: 400e8 };

const CONFIG = configSchema.parse({
  bots: [
    {
      id: 'live',
      pair: 'BTC',
      dex_a: 'vest',
      dex_b: 'paradex',
      spread_entry: 0.05,
      spread_exit: -0.02,
      leverage: 5,
      position_size: 0.1,
    },
  ],
});

export class LiveBench {
  virtual: VirtualEnv;
  vest!: ScriptedVenue;
  paradex!: ScriptedVenue;
  desk!: Desk;
  readonly disk = new MemoryDisk();
  findings: VenueFindings = { generation: 'v1', usable: true, open: true, detail: 'answers' };
  keyExpiresAt: number | undefined;
  holdsFolder = true;
  /** Names what the desk's figures have been, in order: arming and trading states. */
  readonly seen: string[] = [];

  constructor() {
    this.virtual = this.newVirtual(START_WALL_MS);
  }

  /** Starts the desk on what the disk holds; a desk that ran before is taken for killed. */
  async start(): Promise<void> {
    const before = this.desk ? { vest: this.vest, paradex: this.paradex } : undefined;
    if (before) this.virtual = this.newVirtual(this.virtual.env.clock.wallMs() + 500);
    const { env } = this.virtual;
    const { journal, records } = await openJournal(env, FOLDER);
    const ids = await createOrderIds(env, journal, records);
    const duties: LiveDuties = {
      keyExpiresAt: (venue) => (venue === 'vest' ? this.keyExpiresAt : undefined),
      holdsFolder: () => Promise.resolve(this.holdsFolder),
    };
    const history = buildHistory(records);
    journal.append({
      kind: 'started',
      bootId: 'b',
      version: 'test',
      mode: 'live',
      network: 'test',
      tape: 'none',
      venuesInstance: 'live test',
    });
    this.desk = new Desk({
      env,
      bot: CONFIG.bots[0]!,
      risk: CONFIG.risk,
      setting: {
        engineVersion: 'test',
        bootId: 'b',
        mode: 'live',
        network: 'test',
        tape: 'none',
        fees: { kind: 'published', roundTripBps: 2 },
        dataFolder: FOLDER,
      },
      symbols: { A: 'BTC', B: 'BTC' },
      journal,
      history,
      venuesInstance: 'live test',
      log: await openOperatorLog(env, FOLDER),
      tapeEndsAtWallMs: () => undefined,
      real: { live: duties, probe: () => Promise.resolve(this.findings) },
      createVenue: (leg, listener) => {
        const [id, transport] = leg === 'A' ? (['vest', 'rest'] as const) : (['paradex', 'websocket'] as const);
        const venue = new ScriptedVenue(env, id, transport, ids, listener);
        const { wallMs, monotonicMs } = env.clock;
        venue.clock = { offsetMs: wallMs() - monotonicMs(), errorMs: 1, samples: 1 };
        this.statuses[id] = (status) => listener.onMarketDataStatus('BTC', status, 'by the test');
        this[id] = venue;
        return venue;
      },
    });
    for (const [from, to] of before
      ? ([
          [before.vest, this.vest],
          [before.paradex, this.paradex],
        ] as const)
      : []) {
      to.positionE8 = from.positionE8;
      to.truthFills.push(...from.truthFills);
      to.orders.push(...from.orders);
    }
    this.desk.onEvent((_sequence, event) => {
      if (event.type === 'arming') this.seen.push(event.arming.reason?.code ?? event.arming.state);
      if (event.type === 'trading') this.seen.push(`${event.trading} ${event.reason?.code ?? ''}`.trim());
    });
    const starting = this.desk.start();
    for (const id of ['vest', 'paradex'] as const) this.statuses[id]('ok');
    for (let i = 0; i < 2_000 && this.desk.snapshot().trading === 'starting'; i++) {
      this.quoteFlat();
      await this.wait(10);
    }
    await starting;
    this.quoteFlat();
    await this.wait(50);
  }

  async wait(ms: number): Promise<void> {
    await this.virtual.run(this.virtual.env.clock.monotonicMs() + ms);
  }

  /** Time passes while both venues go on quoting. */
  async pass(ms: number, quote = () => this.quoteFlat()): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      quote();
      await this.wait(500);
    }
  }

  async command(command: Command): Promise<unknown> {
    let settled = false;
    const work = this.desk.execute(command).finally(() => (settled = true));
    work.catch(() => undefined);
    await this.virtual.run(() => settled);
    return work;
  }

  arm(limits = CONFIG_LIMITS): Promise<unknown> {
    return this.command({ name: 'arm', limits });
  }

  /** Ids of the checks that do not hold, with their venue. */
  async failing(): Promise<string[]> {
    const report = (await this.command({ name: 'arming.check' })) as ArmingReport;
    return report.checks.filter(({ ok }) => !ok).map(({ id, venue }) => (venue ? `${id} ${venue}` : id));
  }

  async journal(): Promise<JournalEntry[]> {
    return (await readRecords(this.disk, FOLDER)).map(({ entry }) => entry);
  }

  quoteFlat(): void {
    this.paradex.quote(60_000, 60_020);
    this.vest.quote(60_000, 60_020);
  }

  quoteEntry(): void {
    this.vest.quote(60_000, 60_010);
    this.paradex.quote(60_110, 60_120);
  }

  quoteExit(): void {
    this.vest.quote(60_050, 60_060);
    this.paradex.quote(60_030, 60_040);
  }

  /** What the feed says of itself; scripted books have none. */
  readonly statuses: Record<'vest' | 'paradex', (status: MarketDataStatus) => void> = {
    vest: () => undefined,
    paradex: () => undefined,
  };

  private newVirtual(startWallMs: number): VirtualEnv {
    return createVirtualEnv({ seed: 1, startWallMs, routes: new Map(), disk: this.disk });
  }
}
