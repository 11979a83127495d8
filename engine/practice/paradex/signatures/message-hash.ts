import { pedersenOfList, selector, shortString } from './felts.ts';

/** What a client can sign for Paradex (SNIP-12 revision 0, Pedersen). Decimals are already scaled by 1e8. */
export type SignedMessage =
  | {
      kind: 'order';
      timestampMs: number;
      market: string;
      side: 'BUY' | 'SELL';
      type: string;
      sizeE8: bigint;
      /** 0 for every MARKET order. */
      priceE8: bigint;
      /** Only when an existing order is modified: its id. */
      modifiedOrderId?: string;
    }
  | { kind: 'auth'; timestampS: number; expirationS: number }
  | { kind: 'onboarding' }
  /** Consent of the main key to a subkey: a bare Pedersen list, no typed data. Seconds. */
  | { kind: 'subkey'; publicKey: string; timestampS: number; expiryS: number };

const TYPES = {
  domain: selector('StarkNetDomain(name:felt,chainId:felt,version:felt)'),
  order: selector('Order(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt)'),
  modify: selector('ModifyOrder(timestamp:felt,market:felt,side:felt,orderType:felt,size:felt,price:felt,id:felt)'),
  request: selector('Request(method:felt,path:felt,body:felt,timestamp:felt,expiration:felt)'),
  constant: selector('Constant(action:felt)'),
};

function structHash(message: Exclude<SignedMessage, { kind: 'subkey' }>): bigint {
  switch (message.kind) {
    case 'order': {
      const fields = [
        BigInt(message.timestampMs),
        shortString(message.market),
        message.side === 'BUY' ? 1n : 2n,
        shortString(message.type),
        message.sizeE8,
        message.priceE8,
      ];
      return message.modifiedOrderId === undefined
        ? pedersenOfList([TYPES.order, ...fields])
        : pedersenOfList([TYPES.modify, ...fields, BigInt(message.modifiedOrderId)]);
    }
    case 'auth':
      // The signed path is /v1/auth also for POST /v1/auth/{public_key}, and the body is always signed as empty.
      return pedersenOfList([
        TYPES.request,
        shortString('POST'),
        shortString('/v1/auth'),
        0n,
        BigInt(message.timestampS),
        BigInt(message.expirationS),
      ]);
    case 'onboarding':
      return pedersenOfList([TYPES.constant, shortString('Onboarding')]);
  }
}

/** The hash a client signs for `message` with its trading account (the parent account also for subkeys). */
export function messageHash(message: SignedMessage, accountAddress: bigint, starknetChainId: string): bigint {
  if (message.kind === 'subkey') {
    const { publicKey, timestampS, expiryS } = message;
    return pedersenOfList([accountAddress, BigInt(publicKey), BigInt(timestampS), BigInt(expiryS)]);
  }
  const domainHash = pedersenOfList([TYPES.domain, shortString('Paradex'), shortString(starknetChainId), 1n]);
  return pedersenOfList([shortString('StarkNet Message'), domainHash, accountAddress, structHash(message)]);
}
