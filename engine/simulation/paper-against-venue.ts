import type { OrderStamps } from '../core/types.ts';
import type { FillReport, OrderRequest, VenueClient, VenueListener } from '../venues/venue.ts';
import { parseVenueSet } from '../desk/venue-set.ts';
import { practiceSource } from '../desk/practice-source.ts';
import { createInlineSigner } from '../venues/signer/inline.ts';
import type { LegRecord, Trade } from '../protocol/model.ts';
import { averagePriceE8 } from '../core/orders.ts';
import { createVirtualDesk, runUntilDone } from './virtual-desk.ts';
import { createVirtualPractice } from './virtual-practice.ts';

/** One order of a paper desk, and what the venue itself made of the same order at the same moment. */
export interface ReplayedOrder {
  venue: string;
  atMs: number;
  request: OrderRequest;
  paper: OrderOutcome;
  practice: OrderOutcome;
}

interface OrderOutcome {
  filledE8: number;
  priceE8?: number;
  confirmMs?: number;
}

/** Every order of these trades: when it left (virtual ms) and what paper made of it. */
function ordersOf(trades: readonly Trade[], startWallMs: number): Omit<ReplayedOrder, 'practice'>[] {
  return trades
    .flatMap((trade) =>
      [trade.entry, ...(trade.exit ? [trade.exit] : [])].flatMap((episode) =>
        episode.legs.map((leg) => ({
          venue: leg.venue,
          atMs: episode.signalAt + (leg.stamps.t4 ?? 0) - startWallMs,
          request: requestOf(leg),
          paper: {
            filledE8: leg.filledE8,
            priceE8: leg.averagePriceE8,
            confirmMs: leg.orderToConfirmMs,
          },
        })),
      ),
    )
    .sort((a, b) => a.atMs - b.atMs);
}

function requestOf({ symbol, side, sizeE8, limitPriceE8 }: LegRecord): OrderRequest {
  // Not reduce-only: the venue's position may differ from paper's, and that must not decide.
  return { symbol, side, sizeE8, limitPriceE8, reduceOnly: false };
}

/** Sends the orders to practice venues in a world of their own. */
async function replayAtVenues(
  orders: readonly Omit<ReplayedOrder, 'practice'>[],
  options: { network: string; seed: number },
): Promise<ReplayedOrder[]> {
  const practice = createVirtualPractice({ tape: 'btc-usdm-coinm', fees: { kind: 'zero' }, ...options });
  const { env } = practice;
  const venueSet = parseVenueSet(practice.description);
  const source = practiceSource(venueSet);
  const bot = source.defaultBot!;
  const signer = createInlineSigner(source.signerKeys, env.clock);
  let nextId = 1_700_000_000_000;
  const ids = { next: () => nextId++ };
  const fills = new Map<number, FillReport[]>();
  const stamps = new Map<number, OrderStamps>();
  const listener: VenueListener = {
    onBook: () => undefined,
    onMarketDataStatus: () => undefined,
    onConnection: () => undefined,
    onNotice: () => undefined,
    onFill: (fill) => void fills.set(fill.orderId, [...(fills.get(fill.orderId) ?? []), fill]),
    onOrder: ({ orderId, stamps: news }) => void stamps.set(orderId, { ...stamps.get(orderId), ...news }),
  };
  const clients = new Map<string, VenueClient>();
  for (const name of ['paradex', 'vest'] as const) {
    const symbol = source.symbolOf(name, bot);
    clients.set(name, source.createVenue(name, { env, bot, symbol, ids, signer, listener, dataFolder: '/replay' }));
  }
  await runUntilDone(practice, Promise.all([...clients.values()].map((client) => client.start())));
  const sent: number[] = [];
  for (const [index, { venue, atMs, request }] of orders.entries()) {
    env.timers.after(Math.max(0, atMs - env.clock.monotonicMs()), () => {
      const client = clients.get(venue)!;
      void Promise.resolve(client.prepare(request)).then((order) => {
        sent[index] = order.orderId;
        client.send(order);
      });
    });
  }
  await practice.run(orders.at(-1)!.atMs + 5_000);
  await runUntilDone(practice, Promise.all([...clients.values()].map((client) => client.stop())));
  practice.venues.stop();
  return orders.map((order, index) => {
    const id = sent[index]!;
    const own = fills.get(id) ?? [];
    const { t4HandedOverMs, t8ConfirmedMs } = stamps.get(id) ?? {};
    return {
      ...order,
      practice: {
        filledE8: own.reduce((sum, { sizeE8 }) => sum + sizeE8, 0),
        priceE8: averagePriceE8(own),
        confirmMs:
          t8ConfirmedMs === undefined || t4HandedOverMs === undefined ? undefined : t8ConfirmedMs - t4HandedOverMs,
      },
    };
  });
}

export interface PaperComparison {
  /** The desk's own figures: entries, mean slippage, orders that left for a venue (must be none), ledger faults. */
  entries: number;
  slippageBps: number | undefined;
  ordersSent: number;
  ledgerFaults: number;
  /** All orders, then each venue's. */
  all: OrderComparison;
  paradex: OrderComparison;
  vest: OrderComparison;
}

export interface OrderComparison {
  orders: number;
  /** Filled by both. */
  both: number;
  onlyPaper: number;
  onlyPractice: number;
  samePrice: number;
  /** Paper's price minus the venue's, in bps, positive = paper too pessimistic. */
  bps: { mean: number; meanAbsolute: number; worst: number };
  /** Median order to confirm. */
  confirmMs: { paper: number; practice: number };
}

function compare(orders: readonly ReplayedOrder[]): OrderComparison {
  const both = orders.filter(({ paper, practice }) => paper.filledE8 > 0 && practice.filledE8 > 0);
  const bps = both.map(({ request, paper, practice }) => {
    const sign = request.side === 'BUY' ? 1 : -1;
    return (sign * (paper.priceE8! - practice.priceE8!) * 1e4) / practice.priceE8!;
  });
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const median = (values: (number | undefined)[]): number =>
    values.filter((value) => value !== undefined).sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return {
    orders: orders.length,
    both: both.length,
    onlyPaper: orders.filter(({ paper, practice }) => paper.filledE8 > 0 && practice.filledE8 === 0).length,
    onlyPractice: orders.filter(({ paper, practice }) => paper.filledE8 === 0 && practice.filledE8 > 0).length,
    samePrice: bps.filter((value) => Math.abs(value) < 1e-9).length,
    bps: { mean: mean(bps), meanAbsolute: mean(bps.map(Math.abs)), worst: Math.max(...bps.map(Math.abs)) },
    confirmMs: {
      paper: median(both.map(({ paper }) => paper.confirmMs)),
      practice: median(both.map(({ practice }) => practice.confirmMs)),
    },
  };
}

/**
 * Holds paper against the venue itself: a paper desk trades the tape; then its orders are given to practice venues at the
 * very same moments of the same tape over the same kind of line, by the real clients, and the fills are compared order by
 * order. Two worlds, because real fills would show in the book that paper looks at.
 */
export async function paperAgainstVenue(options: {
  network: string;
  seed: number;
  untilMs: number;
}): Promise<PaperComparison> {
  const { network, seed, untilMs } = options;
  const paper = await createVirtualDesk({ mode: 'paper', network, seed });
  await paper.done(paper.desk.start());
  await paper.until(untilMs);
  await paper.done(paper.desk.closeForReport());
  const { lost, doubled, differing, invented } = await paper.done(paper.desk.ledger());
  const { trades, statistics } = paper.desk.snapshot();
  const { clock } = paper.practice.env;
  const startWallMs = clock.wallMs() - clock.monotonicMs();
  await paper.done(paper.desk.stop('compared'));
  paper.practice.venues.stop();
  const orders = await replayAtVenues(ordersOf(trades, startWallMs), { network, seed });
  return {
    entries: statistics.entries,
    slippageBps: statistics.slippage.mean,
    ordersSent: paper.sentOrders.length,
    ledgerFaults: lost + doubled + differing + invented,
    all: compare(orders),
    paradex: compare(orders.filter(({ venue }) => venue === 'paradex')),
    vest: compare(orders.filter(({ venue }) => venue === 'vest')),
  };
}
