import { AbiCoder, getBytes, keccak256, Wallet } from 'ethers';
import type { MarketSpec } from '../../engine/core/types.ts';
import { vestClientConfigSchema } from '../../engine/venues/vest/config.ts';
import { unsignedOrder, VestPreparedOrder } from '../../engine/venues/vest/prepared-order.ts';
import { createVestSigner, vestEcdsaName } from '../../engine/venues/vest/sign.ts';
import vectors from '../../engine/venues/vest/vectors/vest-vectors.json' with { type: 'json' };
import { meets, side, significant, type Bench } from './bar.ts';
import { interleave, median } from './rounds.ts';

const BAR = 8;
/** Signing ~0.1 ms: a round is this many orders. */
const ORDERS_PER_ROUND = 20;
const WARM_UP_ROUNDS = 10;
const RECV_WINDOW_MS = 2_000;
const TYPES = ['uint256', 'uint256', 'string', 'string', 'bool', 'string', 'string', 'bool'];
const MARKET: MarketSpec = {
  coin: 'BTC',
  symbol: 'BTC-PERP',
  tickE8: 1_000_000,
  sizeStepE8: 10_000,
  priceDecimals: 2,
  sizeDecimals: 4,
  minNotionalE8: 0,
  maxSizeE8: 100_00000000,
  takerFeeE8: 10_000,
  quoteCurrency: 'USDC',
};

/** P3: a Vest order that was not signed ahead, from request to body, against ethers. */
export const benchVestOrder: Bench = async ({ rounds }) => {
  const { privateKey } = vectors.keys.signing;
  const signer = createVestSigner(privateKey);
  const wallet = new Wallet(privateKey);
  const coder = AbiCoder.defaultAbiCoder();
  const settings = vestClientConfigSchema.parse({
    restUrl: 'http://vest/v2',
    wsUrl: 'ws://vest/ws',
    apiKey: 'x',
    symbols: [MARKET.symbol],
  });

  function ourBody(nonce: number): string {
    const request = {
      symbol: MARKET.symbol,
      side: nonce % 2 === 0 ? ('BUY' as const) : ('SELL' as const),
      sizeE8: 1_000_000,
      limitPriceE8: 6_180_000_000_000 + (nonce % 1_000) * MARKET.tickE8,
      reduceOnly: false,
    };
    const unsigned = unsignedOrder(request, MARKET, settings, nonce, 1_795_000_000_000 + nonce, 0);
    const signature = signer.signOrder(unsigned.toSign);
    return new VestPreparedOrder(unsigned, { signature, signMs: 0 }, 0).takeBody(RECV_WINDOW_MS);
  }

  function ethersBody(nonce: number): string {
    const order = {
      time: 1_795_000_000_000 + nonce,
      nonce,
      symbol: MARKET.symbol,
      isBuy: nonce % 2 === 0,
      size: '0.0100',
      orderType: 'MARKET',
      limitPrice: (61_800 + (nonce % 1_000) / 100).toFixed(2),
      reduceOnly: false,
    };
    const { time, symbol, isBuy, size, orderType, limitPrice, reduceOnly } = order;
    const encoded = coder.encode(TYPES, [time, nonce, orderType, symbol, isBuy, size, limitPrice, reduceOnly]);
    const signature = wallet.signMessageSync(getBytes(keccak256(encoded)));
    return JSON.stringify({ order, recvWindow: RECV_WINDOW_MS, signature });
  }

  for (const nonce of [1, 2, 999]) {
    if (ourBody(nonce) !== ethersBody(nonce)) throw new Error(`P3: the bodies differ for nonce ${nonce}`);
  }
  const { ours, peer } = await interleave({
    rounds,
    warmUpRounds: WARM_UP_ROUNDS,
    ours: (round) => perOrderMs(round, ourBody),
    peer: (round) => perOrderMs(round, ethersBody),
  });
  const value = significant(median(peer) / median(ours));
  return {
    title: 'Vest order on a miss',
    ok: meets('atLeast', value, BAR),
    value,
    bar: BAR,
    need: 'atLeast',
    unit: 'x faster',
    timeUnit: 'ms',
    ours: side(`engine/venues/vest/sign.ts + prepared-order.ts (${vestEcdsaName} secp256k1)`, ours),
    peer: side('ethers 6: AbiCoder + keccak256 + Wallet.signMessageSync + JSON.stringify', peer),
    rounds,
    warmUpRounds: WARM_UP_ROUNDS,
    measured: `from the request to the finished HTTP body, ${ORDERS_PER_ROUND} orders a round, same thread; the bodies are compared before`,
  };
};

function perOrderMs(round: number, body: (nonce: number) => string): number {
  const startedMs = performance.now();
  for (let index = 0; index < ORDERS_PER_ROUND; index++) body(round * ORDERS_PER_ROUND + index + 1_000);
  return (performance.now() - startedMs) / ORDERS_PER_ROUND;
}
