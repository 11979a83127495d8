import { trimE8 } from '../../engine/core/units.ts';
import type { SignedOrder } from '../../engine/venues/paradex/order-hash.ts';
import { createParadexSigner } from '../../engine/venues/paradex/sign.ts';
import { createWorkerSigner } from '../../engine/venues/signer/worker-signer.ts';
import vectors from '../../engine/venues/paradex/vectors/vectors.json' with { type: 'json' };
import { meets, side, significant, type Bench } from './bar.ts';
import { loadStarknet, type Starknet } from './peers.ts';
import { interleave, median } from './rounds.ts';

const BAR = 20;
const STRETCH = 100;
const WARM_UP_ROUNDS = 8;
const ORDER_TYPES = {
  StarkNetDomain: ['name', 'chainId', 'version'],
  Order: ['timestamp', 'market', 'side', 'orderType', 'size', 'price'],
};

/** P1: a Paradex order that was not signed ahead, hash and signature, against starknet.js. */
export const benchParadexOrder: Bench = async ({ rounds }) => {
  const starknet = await loadStarknet();
  const account = vectors.keys[0]!;
  const keys = {
    privateKey: account.l2_private_key,
    accountAddress: account.account_address,
    starknetChainId: vectors.config.testnet.starknet_chain_id,
  };
  const signer = createParadexSigner(keys);
  const worker = await createWorkerSigner({ paradex: keys });
  const signatures = new Map<number, string>();
  const ladderStampMs: number[] = [];
  const throughWorkerMs: number[] = [];
  try {
    const { ours, peer } = await interleave({
      rounds,
      warmUpRounds: WARM_UP_ROUNDS,
      ours: async (round) => {
        const order = orderOf(round);
        const startedMs = performance.now();
        const signature = signer.signOrder(order);
        const tookMs = performance.now() - startedMs;
        checkSame(signatures, round, signature);
        const neighbour = { ...order, priceE8: Number(order.priceE8) + 10_000_000 };
        const againMs = performance.now();
        signer.signOrder(neighbour);
        ladderStampMs.push(performance.now() - againMs);
        const askedMs = performance.now();
        await worker.sign({
          kind: 'paradex.order',
          ...neighbour,
          sizeE8: Number(order.sizeE8),
          timestampMs: 1 + round,
        });
        throughWorkerMs.push(performance.now() - askedMs);
        return tookMs;
      },
      peer: (round) => {
        const order = orderOf(round);
        const startedMs = performance.now();
        const signature = signWithStarknet(starknet, keys, order);
        const tookMs = performance.now() - startedMs;
        checkSame(signatures, round, signature);
        return tookMs;
      },
    });
    const value = significant(median(peer) / median(ours));
    return {
      title: 'Paradex order signed on a miss',
      ok: meets('atLeast', value, BAR),
      value,
      bar: BAR,
      need: 'atLeast',
      unit: 'x faster',
      timeUnit: 'ms',
      ours: side('engine/venues/paradex/sign.ts, same thread, tables built', ours),
      peer: side('starknet.js 8.9 typedData.getMessageHash + ec.starkCurve.sign', peer),
      rounds,
      warmUpRounds: WARM_UP_ROUNDS,
      measured:
        'message hash and signature of a limit order with a time stamp and price never seen before; both signatures compared each round',
      more: {
        stretch: { bar: STRETCH, ok: value >= STRETCH },
        withLadderStamp: side('second order with the same time stamp', ladderStampMs.slice(-rounds)),
        throughWorker: side('from request to answer of the signer thread', throughWorkerMs.slice(-rounds)),
      },
    };
  } finally {
    await worker.close();
  }
};

function orderOf(round: number): SignedOrder & { sizeE8: number; priceE8: number } {
  return {
    timestampMs: 1_795_000_000_000 + round * 977,
    market: 'BTC-USD-PERP',
    side: round % 2 === 0 ? 'BUY' : 'SELL',
    type: 'LIMIT',
    sizeE8: 1_000_000 + round * 1_000,
    priceE8: 6_180_000_000_000 + round * 10_000_000,
  };
}

function signWithStarknet(
  { typedData, ec }: Starknet,
  keys: { privateKey: string; accountAddress: string; starknetChainId: string },
  order: SignedOrder,
): string {
  const types = Object.fromEntries(
    Object.entries(ORDER_TYPES).map(([name, fields]) => [name, fields.map((field) => ({ name: field, type: 'felt' }))]),
  );
  const hash = typedData.getMessageHash(
    {
      domain: { name: 'Paradex', chainId: keys.starknetChainId, version: '1' },
      primaryType: 'Order',
      types,
      message: {
        timestamp: String(order.timestampMs),
        market: order.market,
        side: order.side === 'BUY' ? '1' : '2',
        orderType: order.type,
        size: String(order.sizeE8),
        price: String(order.priceE8),
      },
    },
    keys.accountAddress,
  );
  const { r, s } = ec.starkCurve.sign(hash, keys.privateKey);
  return `["${r}","${s}"]`;
}

/** Both sign deterministically (RFC 6979): a difference means that they did not do the same work. */
function checkSame(signatures: Map<number, string>, round: number, signature: string): void {
  const other = signatures.get(round);
  signatures.set(round, signature);
  if (other !== undefined && other !== signature) {
    throw new Error(`P1 round ${round}, price ${trimE8(orderOf(round).priceE8)}: the signatures differ`);
  }
}
