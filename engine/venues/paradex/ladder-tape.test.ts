import { expect, it } from 'vitest';
import { OrderBook } from '../../core/book.ts';
import { ceilToStepE8, floorToStepE8 } from '../../core/units.ts';
import { DEFAULT_TAPE, tapeFolder } from '../../practice/tapes/catalogue.ts';
import { loadTape } from '../../practice/tapes/load-tape.ts';
import { createTapePlayer } from '../../practice/tapes/tape-player.ts';
import { createVirtualEnv } from '../../simulation/virtual-env.ts';
import { paradexSwitchesSchema } from './config.ts';
import { LadderKeeper } from './ladder-keeper.ts';

/** As measured for a signature in the worker, on a busy machine. */
const SIGN_MS = 2;
/** Orders are bounded this far beyond the touch. */
const BUFFER = 0.0005;

/** A signal comes with a move in the order's favour: the ask falls for BUY, the bid rises for SELL. */
it.each([
  { when: 'moves', moveBps: 0, everyMs: 1_000, atLeast: 250, share: 0.95 },
  { when: 'jumps by 1 bps', moveBps: 1, everyMs: 500, atLeast: 30, share: 0.8 },
])('serves at least $share of the orders asked for as the touch $when in their favour', async (given) => {
  const { moveBps, everyMs, atLeast, share } = given;
  const { env, host, run } = createVirtualEnv({ seed: 3, startWallMs: 1_795_000_000_000, routes: new Map() });
  const player = createTapePlayer({ tape: loadTape(tapeFolder(DEFAULT_TAPE)), host, atEnd: 'stop' });
  const market = player.markets.paradex;
  const book = new OrderBook('paradex', 'X');
  const { ladderSteps, ladderStepTicks } = paradexSwitchesSchema.parse({});
  let timestampMs = 0;
  const keeper = new LadderKeeper({
    env,
    steps: ladderSteps,
    stepTicks: ladderStepTicks,
    maxAgeMs: 297_000,
    tickE8: () => market.tickE8,
    book: () => book,
    nextStamp: () => ({ timestampMs: ++timestampMs, atMs: env.clock.monotonicMs(), spent: false }),
    sign: async (request, stamp) => {
      await new Promise<void>((resolve) => env.timers.after(SIGN_MS, resolve));
      const text = { untilClientId: '', untilReceiveWindow: '' };
      return { request, text, stamp, signMs: SIGN_MS, signedAtMs: env.clock.monotonicMs() };
    },
    onFailure: (message) => expect.unreachable(message),
  });
  const wants = (['BUY', 'SELL'] as const).map((side) => ({ symbol: 'X', side, sizeE8: 5, reduceOnly: false }));
  let lastAskedMs = env.clock.monotonicMs();
  const before = { ask: Number.NaN, bid: Number.NaN };
  market.onUpdate(({ touchChanged }) => {
    const bid = market.bids(1)[0];
    const ask = market.asks(1)[0];
    if (!bid || !ask) return;
    book.bids.setTouch(bid.priceE8, bid.sizeE8);
    book.asks.setTouch(ask.priceE8, ask.sizeE8);
    book.valid = true;
    const nowMs = env.clock.monotonicMs();
    const askFellBps = (1 - ask.priceE8 / before.ask) * 1e4;
    const bidRoseBps = (bid.priceE8 / before.bid - 1) * 1e4;
    before.ask = ask.priceE8;
    before.bid = bid.priceE8;
    if (!touchChanged || nowMs - lastAskedMs < everyMs) return;
    const want = askFellBps >= moveBps ? wants[0]! : bidRoseBps >= moveBps ? wants[1]! : undefined;
    if (!want) return;
    lastAskedMs = nowMs;
    const { tickE8 } = market;
    const limitPriceE8 =
      want.side === 'BUY'
        ? ceilToStepE8(Math.ceil(ask.priceE8 * (1 + BUFFER)), tickE8)
        : floorToStepE8(Math.floor(bid.priceE8 * (1 - BUFFER)), tickE8);
    keeper.take({ ...want, limitPriceE8 });
  });
  keeper.set(wants);
  player.start(host.nowUs());
  await run(env.clock.monotonicMs() + 340_000);
  const { hits, misses } = keeper.report();
  keeper.drop();
  expect(hits + misses).toBeGreaterThan(atLeast);
  expect(hits / (hits + misses)).toBeGreaterThan(share);
});
