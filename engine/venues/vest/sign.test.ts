import { AbiCoder, SigningKey, getBytes, hashMessage, keccak256, recoverAddress } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadNativeEcdsa, nobleEcdsa } from './ecdsa.ts';
import { createVestSigner, type VestOrderToSign } from './sign.ts';
import vectors from './vectors/vest-vectors.json' with { type: 'json' };

const { privateKey, address } = vectors.keys.signing;
const native = loadNativeEcdsa();
const implementations = native ? [native, nobleEcdsa] : [nobleEcdsa];

describe.each(implementations)('vest signer on $name', (implementation) => {
  const signer = createVestSigner(privateKey, implementation);

  it.each(vectors.orders)('signs the order vector: $name', ({ order, signature, wrongIfSignedAsText }) => {
    const signed = signer.signOrder({ kind: 'vest.order', ...(order as Omit<VestOrderToSign, 'kind'>) });
    expect(signed).toBe(signature);
    expect(signed).not.toBe(wrongIfSignedAsText);
  });

  it.each(vectors.cancels)('signs the cancel vector $order.nonce', ({ order, signature, wrongIfSignedAsText }) => {
    const signed = signer.signCancel({ kind: 'vest.cancel', ...order });
    expect(signed).toBe(signature);
    expect(signed).not.toBe(wrongIfSignedAsText);
  });

  it('agrees with ethers on any order and leaves nothing of the one before in its buffer', () => {
    const reference = new SigningKey(privateKey);
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 70 });
    const orders = fc.record({
      time: fc.maxSafeNat(),
      nonce: fc.maxSafeNat(),
      orderType: fc.constantFrom('MARKET' as const, 'LIMIT' as const),
      symbol: ascii,
      isBuy: fc.boolean(),
      size: ascii,
      limitPrice: ascii,
      reduceOnly: fc.boolean(),
    });
    fc.assert(
      fc.property(orders, (order) => {
        const encoded = AbiCoder.defaultAbiCoder().encode(vectors.orderTypes, [
          order.time,
          order.nonce,
          order.orderType,
          order.symbol,
          order.isBuy,
          order.size,
          order.limitPrice,
          order.reduceOnly,
        ]);
        const expected = reference.sign(hashMessage(getBytes(keccak256(encoded)))).serialized;
        expect(signer.signOrder({ kind: 'vest.order', ...order })).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('vest signature', () => {
  const { order, argsHash, wrongIfSignedAsText } = vectors.orders[0]!;

  it('recovers to the signing address, and the text-signed negative vector does not', () => {
    const digest = hashMessage(getBytes(argsHash));
    const signed = createVestSigner(privateKey).signOrder({
      kind: 'vest.order',
      ...(order as Omit<VestOrderToSign, 'kind'>),
    });
    expect(recoverAddress(digest, signed)).toBe(address);
    expect(recoverAddress(digest, wrongIfSignedAsText)).not.toBe(address);
    expect(recoverAddress(hashMessage(argsHash), wrongIfSignedAsText)).toBe(address);
  });

  it('refuses numbers that JSON or the ABI would change', () => {
    const signer = createVestSigner(privateKey);
    const request: VestOrderToSign = { kind: 'vest.order', ...(order as Omit<VestOrderToSign, 'kind'>) };
    expect(() => signer.signOrder({ ...request, nonce: 2 ** 53 })).toThrow(/2\^53/);
    expect(() => signer.signOrder({ ...request, time: 1770811200000.5 })).toThrow(/whole number/);
    expect(() => signer.signOrder({ ...request, nonce: -1 })).toThrow(/whole number/);
  });

  it('refuses a malformed key without repeating it', () => {
    expect(() => createVestSigner('0x1234deadbeef')).toThrow(/64 hex digits/);
    expect(() => createVestSigner('0x1234deadbeef')).not.toThrow(/deadbeef/);
  });
});
