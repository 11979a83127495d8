import { limitPriceE8 } from '../../engine/core/sizing.ts';
import type { Side } from '../../engine/core/types.ts';
import type { Env } from '../../engine/env.ts';
import { createNodeEnv } from '../../engine/node-env.ts';
import { createParadexClient } from '../../engine/venues/paradex/client.ts';
import { createWorkerSigner } from '../../engine/venues/signer/worker-signer.ts';
import type { VenueClient } from '../../engine/venues/venue.ts';
import type { VenueSet } from '../../engine/desk/venue-set.ts';
import { meets, side, significant, type Bench } from './bar.ts';
import { bookListener } from './market-feed.ts';
import { loadCcxt, type CcxtParadex } from './peers.ts';
import { startVenues, type PracticeAccount } from './practice-venues.ts';
import { interleave, median } from './rounds.ts';

const BAR = 1_000;
const WARM_UP_ROUNDS = 10;
const BAND_BPS = 10;
const SIZE_E8 = 1_000_000;
/** Other sizes fired right after the one that counts, in the same callback: the same path when it is warm. */
const FOLLOWING_SIZES_E8 = [1_100_000, 1_200_000, 1_300_000];
const SLOTS_WANTED = 8 * 2 * (1 + FOLLOWING_SIZES_E8.length);
const REFILL_PATIENCE_MS = 2_000;
const ORDER_METHOD = '"method":"order.create"';

/** P2: an order that was signed ahead, from the request to the bytes at the socket, against ccxt's createOrder. */
export const benchSignedAhead: Bench = async ({ rounds }) => {
  const venues = await startVenues();
  try {
    const own = await startOwnClient(venues.venueSet);
    try {
      const ccxt = await startCcxt(venues.venueSet, venues.accounts[0]!);
      const { ours, peer } = await interleave({
        rounds,
        warmUpRounds: WARM_UP_ROUNDS,
        ours: own.orderUs,
        peer: (round) => ccxt.orderUs(round, own.limitUsd(sideOf(round))),
      });
      const { hits, misses } = own.client.ladder();
      const warm = own.warmUs.filter((us) => Number.isFinite(us)).slice(-rounds * FOLLOWING_SIZES_E8.length);
      const value = significant(median(peer) / median(ours));
      return {
        title: 'signed-ahead order to its socket',
        ok: meets('atLeast', value, BAR),
        value,
        bar: BAR,
        need: 'atLeast',
        unit: 'x faster',
        timeUnit: 'us',
        ours: side('ParadexClient.prepare() + send() to the complete bytes at the socket', ours),
        peer: side('ccxt 4.5.84 paradex.createOrder() until fetch is called, rate limiter off', peer),
        rounds,
        warmUpRounds: WARM_UP_ROUNDS,
        measured:
          'both clients logged in at the practice venue, markets loaded, book live; the write itself is recorded and swallowed on both sides; ours fires in the callback of a market-data frame, as the desk does; every round is one order by itself, after a pause in which the ladder refills',
        more: {
          warm: {
            ...side('orders right behind it in the same callback', warm),
            value: significant(median(peer) / median(warm)),
          },
          ladder: { hits, misses },
          missRounds: 'a round the ladder missed is asked again and not counted',
        },
      };
    } finally {
      await own.stop();
    }
  } finally {
    await venues.stop();
  }
};

function sideOf(round: number): Side {
  return round % 2 === 0 ? 'BUY' : 'SELL';
}

async function startOwnClient({ paradex, markets }: VenueSet): Promise<{
  client: VenueClient;
  warmUs: number[];
  orderUs(round: number): Promise<number | undefined>;
  limitUsd(side: Side): number;
  stop(): Promise<void>;
}> {
  const symbol = markets[0]!.paradex;
  const { l2PrivateKey: privateKey, address: accountAddress } = paradex.accounts[0]!;
  const { restUrl, wsUrl, starknetChainId } = paradex;
  const signer = await createWorkerSigner({ paradex: { privateKey, accountAddress, starknetChainId } });
  const node = createNodeEnv();
  const written = { bytes: Buffer.alloc(0), atMs: Number.NaN };
  let lastId = Date.now();
  const warmUs: number[] = [];
  let onNextBook: (() => void) | undefined;
  function fireOnce(): void {
    const fire = onNextBook;
    onNextBook = undefined;
    fire?.();
  }
  const client = createParadexClient({
    env: recordingOrders(node, written),
    config: { restUrl, wsUrl, accountAddress, orderClass: 'pro', symbols: [symbol], receiveWindowMs: 2_000 },
    signer,
    ids: { next: () => ++lastId },
    listener: { ...bookListener(fireOnce), onNotice: () => undefined },
  });
  await client.start();
  client.setLadder(
    [SIZE_E8, ...FOLLOWING_SIZES_E8].flatMap((sizeE8) =>
      (['BUY', 'SELL'] as const).map((side) => ({ symbol, side, sizeE8, reduceOnly: false, bandBps: BAND_BPS })),
    ),
  );

  function limitE8(side: Side): number {
    const { asks, bids } = client.book(symbol);
    return limitPriceE8(side, (side === 'BUY' ? asks : bids).priceE8[0]!, BAND_BPS, client.market(symbol).tickE8);
  }
  async function refilled(): Promise<void> {
    const deadlineMs = performance.now() + REFILL_PATIENCE_MS;
    do await pause(60);
    while (client.ladder().slots < SLOTS_WANTED && performance.now() < deadlineMs);
  }
  /** Called inside the callback of a market-data frame, as the desk does. Undefined on a miss. */
  function fireUs(side: Side, sizeE8: number): number | undefined {
    const request = { symbol, side, sizeE8, limitPriceE8: limitE8(side), reduceOnly: false };
    written.bytes = Buffer.alloc(0);
    const startedMs = performance.now();
    const order = client.prepare(request);
    if (order instanceof Promise) return undefined;
    client.send(order);
    const tookUs = (written.atMs - startedMs) * 1000;
    checkComplete(written.bytes.toString(), order.orderId);
    return tookUs;
  }
  return {
    client,
    warmUs,
    limitUsd: (side) => limitE8(side) / 1e8,
    async orderUs(round) {
      await refilled();
      return new Promise((resolve, reject) => {
        onNextBook = () => {
          try {
            const side = sideOf(round);
            const tookUs = fireUs(side, SIZE_E8);
            for (const sizeE8 of FOLLOWING_SIZES_E8) warmUs.push(fireUs(side, sizeE8) ?? Number.NaN);
            resolve(tookUs);
          } catch (error) {
            reject(error);
          }
        };
      });
    },
    async stop() {
      await client.stop();
      await signer.close();
      await node.close();
    },
  };
}

function checkComplete(text: string, orderId: number): void {
  const { params } = JSON.parse(text) as { params: { client_id: string; recv_window: number; signature: string } };
  if (params.client_id !== `hs-${orderId}` || params.recv_window < 2_000 || !params.signature.startsWith('["')) {
    throw new Error(`P2: the order's text is not complete: ${text}`);
  }
}

/** Everything goes to the venue but orders, which end where the socket would take them. */
function recordingOrders(env: Env, written: { bytes: Buffer; atMs: number }): Env {
  return {
    ...env,
    network: {
      ...env.network,
      openSocket(options, handlers) {
        const socket = env.network.openSocket(options, handlers);
        return {
          ...socket,
          sendText(text) {
            // The order's text is a rope until somebody needs its bytes.
            const bytes = Buffer.from(text);
            const atMs = performance.now();
            if (!text.includes(ORDER_METHOD)) return socket.sendText(text);
            written.atMs = atMs;
            written.bytes = bytes;
            return atMs;
          },
        };
      },
    },
  };
}

async function startCcxt(
  { paradex, markets }: VenueSet,
  { ethPrivateKey, ethAddress }: PracticeAccount,
): Promise<{ orderUs(round: number, limitUsd: number): Promise<number> }> {
  const ccxt = await loadCcxt();
  const written = { atMs: Number.NaN };
  const fetchImplementation = (
    url: string,
    init: { method: string; headers: Record<string, string>; body?: string },
  ) => {
    if (init.method !== 'POST' || !url.endsWith('/orders')) return fetch(url, init);
    written.atMs = performance.now();
    const { market, side, size, price, type } = JSON.parse(init.body!) as Record<string, string>;
    const order = { id: '1', account: '0x1', status: 'NEW', market, side, size, price, type, instruction: 'GTC' };
    return Promise.resolve(
      new Response(JSON.stringify({ ...order, remaining_size: size, created_at: 1, last_updated_at: 1, flags: [] }), {
        headers: { 'content-type': 'application/json' },
      }),
    );
  };
  const client: CcxtParadex = new ccxt.default.paradex({
    privateKey: ethPrivateKey,
    walletAddress: ethAddress,
    enableRateLimit: false,
    fetchImplementation,
  });
  client.urls.api = { v1: paradex.restUrl, v2: paradex.restUrl.replace(/v1$/, 'v2') };
  await client.onboarding();
  await client.loadMarkets();
  const symbol = `${markets[0]!.coin}/USD:USDC`;
  return {
    async orderUs(round, limitUsd) {
      const startedMs = performance.now();
      const side = sideOf(round).toLowerCase();
      await client.createOrder(symbol, 'limit', side, SIZE_E8 / 1e8, limitUsd, { clientOrderId: `bench-${round}` });
      return (written.atMs - startedMs) * 1000;
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
