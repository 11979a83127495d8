import { DEFAULT_TAPE, tapeFolder } from '../../engine/practice/tapes/catalogue.ts';
import { loadTape } from '../../engine/practice/tapes/load-tape.ts';
import { createTapePlayer } from '../../engine/practice/tapes/tape-player.ts';
import { createVirtualEnv } from '../../engine/simulation/virtual-env.ts';

/** One change of a venue's best bid and ask, as recorded; prices and sizes in 1e-8 units. */
export interface Quote {
  /** Since the start of the segment. */
  atMs: number;
  venue: 'A' | 'B';
  bidPriceE8: number;
  bidSizeE8: number;
  askPriceE8: number;
  askSizeE8: number;
}

/** The first `durationMs` of the default tape: A is the market that plays Vest, B the one that plays Paradex. */
export async function recordedQuotes(durationMs: number): Promise<Quote[]> {
  const { env, host, run } = createVirtualEnv({ seed: 1, startWallMs: 1_795_000_000_000, routes: new Map() });
  const player = createTapePlayer({ tape: loadTape(tapeFolder(DEFAULT_TAPE)), host, atEnd: 'stop' });
  const startMs = env.clock.monotonicMs();
  const quotes: Quote[] = [];
  for (const [venue, market] of [['A', player.markets.vest] as const, ['B', player.markets.paradex] as const]) {
    market.onUpdate(({ touchChanged }) => {
      const [bid] = market.bids(1);
      const [ask] = market.asks(1);
      if (!touchChanged || !bid || !ask) return;
      quotes.push({
        atMs: env.clock.monotonicMs() - startMs,
        venue,
        bidPriceE8: bid.priceE8,
        bidSizeE8: bid.sizeE8,
        askPriceE8: ask.priceE8,
        askSizeE8: ask.sizeE8,
      });
    });
  }
  player.start(host.nowUs());
  await run(startMs + durationMs);
  return quotes;
}
