import type { Episode, LegRecord, Trade } from '../../engine/protocol/model.ts';
import type { SeededRandom } from './random.ts';

/** Invented trades over the rural-ADSL line for tests and for looking at the pages; never in the product. */

export interface SampleNetwork {
  name: string;
  oneWayMs: number;
  venueMs: number;
}

const E8 = 1e8;
const SIZE_BTC = 0.1;

interface LegPlan {
  venue: string;
  symbol: string;
  side: 'BUY' | 'SELL';
  touch: number;
  delayBps: number;
  walkBps: number;
  feeBps: number;
  bumpMs: number;
}

/** A leg whose fills and book agree with its costs. */
function leg(
  plan: LegPlan,
  episode: 'entry' | 'exit',
  orderId: number,
  at: number,
  network: SampleNetwork,
  random: SeededRandom,
): LegRecord {
  const worse = plan.side === 'BUY' ? 1 : -1;
  const jitter = () => Math.abs(random.normal()) * 6;
  const touchAtMatch = plan.touch * (1 + (worse * plan.delayBps) / 1e4);
  const average = touchAtMatch * (1 + (worse * plan.walkBps) / 1e4);
  const round = (price: number) => Math.round(price * 10) * 1e7;
  const feedAge = network.oneWayMs + jitter();
  const t4 = 0.3 + random.uniform() * 0.4;
  const t5 = t4 + network.oneWayMs + jitter();
  const t6 = t5 + plan.bumpMs + network.venueMs * 0.7 + jitter() / 4;
  const t7 = t6 + network.venueMs * 0.3;
  const t8 = t7 + network.oneWayMs + jitter();
  const ack = plan.bumpMs > 0 ? t5 + network.oneWayMs + jitter() : t8 - 2;
  const levels = Array.from({ length: 8 }, (_, index): [number, number] => [
    round(plan.touch) + worse * (index * 6 + index * index + Math.round(random.uniform() * 4)) * 1e7,
    Math.round((0.03 + random.uniform() * 0.5) * 1000) * 1e5,
  ]);
  const first = Math.min(levels[0]?.[1] ?? 0, SIZE_BTC * E8);
  const fillSizes = first < SIZE_BTC * E8 ? [first, SIZE_BTC * E8 - first] : [first];
  return {
    venue: plan.venue,
    symbol: plan.symbol,
    side: plan.side,
    purpose: episode,
    orderId,
    venueOrderId: `${plan.venue}-${orderId}`,
    state: 'FILLED',
    sizeE8: SIZE_BTC * E8,
    filledE8: SIZE_BTC * E8,
    limitPriceE8: round(plan.touch * (1 + worse * 0.001)),
    reduceOnly: episode === 'exit',
    averagePriceE8: Math.round(average * 1e4) * 1e4,
    touchAtDetectionE8: round(plan.touch),
    touchAtMatchE8: round(touchAtMatch),
    fills: fillSizes.map((sizeE8, index) => ({
      fillId: `${plan.venue}-${orderId}-${index}`,
      priceE8: levels[index]?.[0] ?? round(average),
      sizeE8,
      feeE8: Math.round((plan.feeBps / 1e4) * average * sizeE8),
      venueAt: at + t6,
      receivedAt: at + t8,
    })),
    stamps: { t0: -feedAge - 0.4, t1: -0.4, t2: 0, t3: 0.1, t4, t5, t6, t7, ack, t8 },
    offsetErrorMs: 3,
    signature: random.uniform() > 0.1 ? 'ahead' : 'onDemand',
    signMs: 0.05,
    slotAgeMs: 700,
    orderToAckMs: ack - t4,
    orderToConfirmMs: t8 - t4,
    feedAgeMs: feedAge,
    feedAgeEstimated: plan.venue === 'vest',
    cost: {
      slippageBps: plan.delayBps + plan.walkBps,
      delayBps: plan.delayBps,
      walkBps: plan.walkBps,
      feesBps: plan.feeBps,
      splitEstimated: false,
    },
    bookAtDetection: levels,
  };
}

function episode(kind: 'entry' | 'exit', at: number, spreadBps: number, legs: LegRecord[]): Episode {
  const slippageBps = legs.reduce((sum, each) => sum + (each.cost?.slippageBps ?? 0), 0);
  const feesBps = legs.reduce((sum, each) => sum + (each.cost?.feesBps ?? 0), 0);
  const slowest = (pick: (each: LegRecord) => number | undefined) => Math.max(...legs.map((each) => pick(each) ?? 0));
  const [first, second] = legs;
  return {
    kind,
    state: 'complete',
    signalAt: at,
    detectionSpreadBps: spreadBps,
    executionSpreadBps: spreadBps - slippageBps,
    slippageBps,
    feesBps,
    shortfallBps: slippageBps + feesBps,
    detectionToSignalMs: 0.4,
    signalToOrderMs: slowest((each) => each.stamps.t4),
    orderToAckMs: slowest((each) => each.orderToAckMs),
    orderToConfirmMs: slowest((each) => each.orderToConfirmMs),
    legSkewMs: Math.abs((first?.stamps.t6 ?? 0) - (second?.stamps.t6 ?? 0)),
    totalMs: slowest((each) => each.stamps.t8),
    submission: 'parallel',
    legs,
  };
}

export interface SampleTradeOptions {
  id: number;
  entryAt: number;
  exitAt?: number;
  price: number;
  spreadBps: number;
  exitSpreadBps: number;
  network: SampleNetwork;
  random: SeededRandom;
  feeBps: { vest: number; paradex: number };
  bumpMs: number;
}

export function sampleTrade(options: SampleTradeOptions): Trade {
  const { id, entryAt, exitAt, price, network, feeBps, random } = options;
  const delay = () => 0.22 + random.normal() * 0.35;
  const walk = () => Math.max(0, random.normal() * 0.08);
  const vest = (side: 'BUY' | 'SELL', touch: number) => ({
    venue: 'vest',
    symbol: 'BTC-PERP',
    side,
    touch,
    delayBps: delay(),
    walkBps: walk(),
    feeBps: feeBps.vest,
    bumpMs: 0,
  });
  const paradex = (side: 'BUY' | 'SELL', touch: number) => ({
    ...vest(side, touch),
    venue: 'paradex',
    symbol: 'BTC-USD-PERP',
    delayBps: delay() * 1.6,
    feeBps: feeBps.paradex,
    bumpMs: options.bumpMs,
  });
  const high = price * (1 + options.spreadBps / 1e4);
  const entry = episode('entry', entryAt, options.spreadBps, [
    leg(paradex('SELL', high), 'entry', id * 4, entryAt, network, random),
    leg(vest('BUY', price), 'entry', id * 4 + 1, entryAt, network, random),
  ]);
  const exit =
    exitAt === undefined
      ? undefined
      : episode('exit', exitAt, options.exitSpreadBps, [
          leg(paradex('BUY', price * (1 - options.exitSpreadBps / 1e4)), 'exit', id * 4 + 2, exitAt, network, random),
          leg(vest('SELL', price), 'exit', id * 4 + 3, exitAt, network, random),
        ]);
  const notionalE8 = Math.round(price * SIZE_BTC * E8);
  const grossBps = (entry.executionSpreadBps ?? 0) + (exit?.executionSpreadBps ?? 0);
  const feesE8 = [entry, exit]
    .flatMap((each) => each?.legs ?? [])
    .flatMap((each) => each.fills)
    .reduce((sum, fill) => sum + fill.feeE8, 0);
  const grossE8 = Math.round((grossBps / 1e4) * notionalE8);
  return {
    id,
    coin: 'BTC',
    state: exit ? 'FLAT' : 'OPEN',
    mode: 'practice',
    direction: 'AOverB',
    longVenue: 'vest',
    shortVenue: 'paradex',
    openedAt: entryAt,
    ...(exitAt === undefined ? {} : { closedAt: exitAt, grossE8, feesE8, netE8: grossE8 - feesE8 }),
    sizeE8: SIZE_BTC * E8,
    notionalE8,
    network: network.name,
    tape: 'btc-usdm-coinm',
    fees: 'published',
    orderClass: options.bumpMs > 0 ? 'retail' : 'pro',
    entry,
    exit,
    journal: journalOf(id, entry, exit),
  };
}

function journalOf(id: number, entry: Episode, exit: Episode | undefined): Trade['journal'] {
  const lines: [number, string][] = [[0, `signal spread ${entry.detectionSpreadBps.toFixed(2)} bps`]];
  for (const episode of exit ? [entry, exit] : [entry]) {
    const offset = episode.signalAt - entry.signalAt;
    for (const each of episode.legs) {
      lines.push([
        offset + 0.02,
        `intent ${each.side.toLowerCase()} ${each.sizeE8 / E8} bound ${each.limitPriceE8 / E8}`,
      ]);
      lines.push([offset + (each.stamps.t4 ?? 0), `sent ${each.venue} hs-${each.orderId}`]);
      lines.push([offset + (each.stamps.ack ?? 0), `ack ${each.venue}`]);
      lines.push([
        offset + (each.stamps.t8 ?? 0),
        `fill ${each.venue} ${each.filledE8 / E8} at ${(each.averagePriceE8 ?? 0) / E8}`,
      ]);
    }
    const end = offset + (episode.totalMs ?? 0) + 0.1;
    lines.push([end, episode.kind === 'entry' ? 'state LEGS_IN_FLIGHT to OPEN' : 'state EXITING to FLAT']);
  }
  return lines.sort((a, b) => a[0] - b[0]).map(([ms, text], index) => ({ sequence: 1000 + id * 40 + index, ms, text }));
}
