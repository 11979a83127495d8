import { keccak } from '@scure/starknet';
import { HalfspreadError } from '../../core/errors.ts';
import { pedersen, pedersenArray, prepareLeft, prepareRight } from './pedersen.ts';
import type { LeftHalf, RightHalf } from './pedersen.ts';

/**
 * Message hashes of Paradex: SNIP-12 revision 0 typed data over Pedersen, domain `Paradex`/1. Not part of any hash:
 * instruction, client id, flags and receive window, so that one signature serves whatever they are.
 */

export type SignedOrderType = 'LIMIT' | 'MARKET';

/** What an order's signature covers; sizes and prices are hashed in units of 1e-8, a market order's price as 0. */
export interface SignedOrder {
  /** `signature_timestamp`, milliseconds. */
  timestampMs: number;
  market: string;
  side: 'BUY' | 'SELL';
  type: SignedOrderType;
  /** bigint where it exceeds 2^53. */
  sizeE8: number | bigint;
  priceE8: number | bigint;
}

const STARKNET_MESSAGE = shortString('StarkNet Message');
const DOMAIN_TYPE = selector('StarkNetDomain(name:felt,chainId:felt,version:felt)');
const ORDER_TYPE = selector('Order(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt)');
const MODIFY_TYPE = selector(
  'ModifyOrder(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt,id:felt)',
);
const REQUEST_TYPE = selector('Request(method:felt,path:felt,body:felt,timestamp:felt,expiration:felt)');
const CONSTANT_TYPE = selector('Constant(action:felt)');

/** The prefix before size and price, for as many (timestamp, market, side, type) as a few ladders use at a time. */
const MAX_PREFIXES = 64;

/** ASCII text of at most 31 characters as a felt. @throws HalfspreadError HS_SIGN_TEXT when it does not fit. */
export function shortString(text: string): bigint {
  let felt = 0n;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127 || index > 30) {
      throw new HalfspreadError(
        'HS_SIGN_TEXT',
        `"${text}" is not ASCII of at most 31 characters, so Starknet cannot hash it.`,
        'Check the market symbol and the chain id in the configuration.',
      );
    }
    felt = (felt << 8n) | BigInt(code);
  }
  return felt;
}

/** Starknet's selector: the low 250 bits of Keccak-256 of ASCII text. */
export function selector(text: string): bigint {
  return keccak(new TextEncoder().encode(text));
}

export function domainHash(starknetChainId: string): bigint {
  return pedersenArray([DOMAIN_TYPE, shortString('Paradex'), shortString(starknetChainId), 1n]);
}

/** Hashes of one account on one chain. For a subkey, `accountAddress` is the parent account's: only the key differs. */
export class OrderHasher {
  private readonly messagePrefix: LeftHalf;
  private readonly orderTypePrefix: LeftHalf;
  private readonly messageLength = prepareRight(4n);
  private readonly orderLength = prepareRight(7n);
  private readonly texts = new Map<string, RightHalf>();
  private readonly prefixes = new Map<string, LeftHalf>();

  constructor(accountAddress: string, starknetChainId: string) {
    const started = pedersen(pedersen(0n, STARKNET_MESSAGE), domainHash(starknetChainId));
    this.messagePrefix = prepareLeft(pedersen(started, BigInt(accountAddress)));
    this.orderTypePrefix = prepareLeft(pedersen(0n, ORDER_TYPE));
  }

  order(order: SignedOrder): bigint {
    const sized = pedersen(this.orderPrefix(order), BigInt(order.sizeE8));
    const priced = pedersen(sized, order.type === 'MARKET' ? 0n : BigInt(order.priceE8));
    return this.message(pedersen(priced, this.orderLength));
  }

  /** `id` is the venue's order id in decimal. */
  modify(order: SignedOrder & { id: string }): bigint {
    return this.message(
      pedersenArray([
        MODIFY_TYPE,
        BigInt(order.timestampMs),
        shortString(order.market),
        sideFelt(order.side),
        shortString(order.type),
        BigInt(order.sizeE8),
        order.type === 'MARKET' ? 0n : BigInt(order.priceE8),
        BigInt(order.id),
      ]),
    );
  }

  /** The login request; the signed path is /v1/auth whichever auth path is used. Times in seconds. */
  auth(timestampS: number, expirationS: number): bigint {
    return this.message(
      pedersenArray([
        REQUEST_TYPE,
        shortString('POST'),
        shortString('/v1/auth'),
        0n,
        BigInt(timestampS),
        BigInt(expirationS),
      ]),
    );
  }

  onboarding(): bigint {
    return this.message(pedersenArray([CONSTANT_TYPE, shortString('Onboarding')]));
  }

  /** Everything hashed before size and price: orders that share it cost five Pedersen hashes instead of nine. */
  private orderPrefix(order: SignedOrder): LeftHalf {
    const key = `${order.timestampMs}|${order.market}|${order.side}|${order.type}`;
    const known = this.prefixes.get(key);
    if (known) return known;
    const stamped = pedersen(this.orderTypePrefix, BigInt(order.timestampMs));
    const sided = pedersen(pedersen(stamped, this.text(order.market)), sideFelt(order.side));
    const prefix = prepareLeft(pedersen(sided, this.text(order.type)));
    if (this.prefixes.size >= MAX_PREFIXES) this.prefixes.delete(this.prefixes.keys().next().value!);
    this.prefixes.set(key, prefix);
    return prefix;
  }

  private text(text: string): RightHalf {
    let half = this.texts.get(text);
    if (!half) this.texts.set(text, (half = prepareRight(shortString(text))));
    return half;
  }

  private message(structHash: bigint): bigint {
    return pedersen(pedersen(this.messagePrefix, structHash), this.messageLength);
  }
}

function sideFelt(side: 'BUY' | 'SELL'): bigint {
  return side === 'BUY' ? 1n : 2n;
}
