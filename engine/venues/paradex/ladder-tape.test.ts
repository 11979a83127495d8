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

it('serves at least 95 of 100 orders over a recorded market, asked for at the very moment the touch moves', async () => {
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
    nextStamp: () => ({ timestampMs: ++timestampMs, atMs: env.clock.monotonicMs() }),
    sign: async (request, stamp) => {
      await new Promise<void>((resolve) => env.timers.after(SIGN_MS, resolve));
      const text = { untilClientId: '', untilReceiveWindow: '' };
      return { request, text, stamp, signMs: SIGN_MS, signedAtMs: env.clock.monotonicMs() };
    },
    onFailure: (message) => expect.unreachable(message),
  });
  const wants = (['BUY', 'SELL'] as const).map((side) => ({ symbol: 'X', side, sizeE8: 5, reduceOnly: false }));
  let lastAskedMs = env.clock.monotonicMs();
  market.onUpdate(({ touchChanged }) => {
    const bid = market.bids(1)[0];
    const ask = market.asks(1)[0];
    if (!bid || !ask) return;
    book.bids.setTouch(bid.priceE8, bid.sizeE8);
    book.asks.setTouch(ask.priceE8, ask.sizeE8);
    book.valid = true;
    const nowMs = env.clock.monotonicMs();
    if (!touchChanged || nowMs - lastAskedMs < 1_000) return;
    lastAskedMs = nowMs;
    const { tickE8 } = market;
    const want = wants[Math.floor(nowMs) % 2]!;
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
  expect(hits + misses).toBeGreaterThan(250);
  expect(hits / (hits + misses)).toBeGreaterThan(0.95);
});
