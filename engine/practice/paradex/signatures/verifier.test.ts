import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messageHash, type SignedMessage } from './message-hash.ts';
import { pedersenOfList, selector, shortString } from './felts.ts';
import { publicKeyOf } from './stark-curve.ts';
import { createInlineVerifier, parseSignature, verifyNow, type VerificationAnswer } from './verifier.ts';
import { createWorkerVerifier } from './verify-worker.ts';

interface Signed {
  key: string;
  /** Absent = the account's main key. */
  signed_by?: 'subkey';
  env: 'testnet' | 'prod';
  message_hash: string;
  signature_field: string;
}
interface OrderVector extends Signed {
  params: {
    market: string;
    side: 'BUY' | 'SELL';
    type: string;
    size: string;
    price: string;
    signature_timestamp: number;
    id?: string;
  };
}
interface KeyVector {
  id: string;
  l2_private_key: string;
  l2_public_key: string;
  account_address: string;
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../venues/paradex/vectors/vectors.json', import.meta.url), 'utf8'),
) as {
  config: Record<'testnet' | 'prod', { starknet_chain_id: string }>;
  constants: { type_hash: Record<string, string>; domain_hash: Record<string, string> };
  keys: KeyVector[];
  subkey: KeyVector;
  auth: (Signed & { timestamp: number; expiration: number })[];
  onboarding: Signed[];
  orders: OrderVector[];
  modifies: OrderVector[];
};

/** Decimal x 1e8 as big integer: some vectors lie beyond what the engine's units hold. */
function scaledE8(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.split('.');
  return BigInt(whole! + fraction.padEnd(8, '0'));
}

function keyOf(vector: Signed): KeyVector {
  return vector.signed_by === 'subkey' ? vectors.subkey : vectors.keys.find((key) => key.id === vector.key)!;
}

function signedMessages(): { vector: Signed; message: SignedMessage }[] {
  const order = (vector: OrderVector): { vector: Signed; message: SignedMessage } => ({
    vector,
    message: {
      kind: 'order',
      timestampMs: vector.params.signature_timestamp,
      market: vector.params.market,
      side: vector.params.side,
      type: vector.params.type,
      sizeE8: scaledE8(vector.params.size),
      priceE8: scaledE8(vector.params.price),
      modifiedOrderId: vector.params.id,
    },
  });
  return [
    ...vectors.orders.map(order),
    ...vectors.modifies.map(order),
    ...vectors.auth.map((vector) => ({
      vector,
      message: { kind: 'auth' as const, timestampS: vector.timestamp, expirationS: vector.expiration },
    })),
    ...vectors.onboarding.map((vector) => ({ vector, message: { kind: 'onboarding' as const } })),
  ];
}

function requestFor(vector: Signed, message: SignedMessage) {
  const key = keyOf(vector);
  return {
    message,
    accountAddress: key.account_address,
    starknetChainId: vectors.config[vector.env].starknet_chain_id,
    signature: vector.signature_field,
    publicKeys: [key.l2_public_key],
  };
}

function flipLastDigit(signature: string): string {
  return signature.replace(/(\d)"\]$/, (_, digit: string) => `${(Number(digit) + 1) % 10}"]`);
}

describe('published signature vectors', () => {
  it('has every kind of vector', () => {
    expect(signedMessages().length).toBe(29 + 2 + 3 + 2);
  });

  it('hashes types and domains as published', () => {
    for (const [type, hash] of Object.entries(vectors.constants.type_hash)) expect(selector(type)).toBe(BigInt(hash));
    for (const env of ['testnet', 'prod'] as const) {
      const domain = [
        selector('StarkNetDomain(name:felt,chainId:felt,version:felt)'),
        shortString('Paradex'),
        shortString(vectors.config[env].starknet_chain_id),
        1n,
      ];
      expect(pedersenOfList(domain)).toBe(BigInt(vectors.constants.domain_hash[env]!));
    }
  });

  it('derives the public keys', () => {
    for (const key of [...vectors.keys, vectors.subkey]) {
      expect(publicKeyOf(BigInt(key.l2_private_key))).toBe(BigInt(key.l2_public_key));
    }
  });

  it('accepts every signature and hashes every message as published', () => {
    for (const { vector, message } of signedMessages()) {
      const request = requestFor(vector, message);
      const hash = messageHash(message, BigInt(request.accountAddress), request.starknetChainId);
      expect(hash).toBe(BigInt(vector.message_hash));
      expect(verifyNow(request)).toEqual({ publicKey: request.publicKeys[0] });
    }
  });

  it('refuses a changed signature, a changed message, another account and another key', () => {
    for (const { vector, message } of signedMessages()) {
      const request = requestFor(vector, message);
      expect(verifyNow({ ...request, signature: flipLastDigit(request.signature) })).toBeUndefined();
      expect(verifyNow({ ...request, accountAddress: '0x1234' })).toBeUndefined();
      expect(verifyNow({ ...request, starknetChainId: 'OTHER' })).toBeUndefined();
      const strangers = [...vectors.keys, vectors.subkey].filter((key) => key.l2_public_key !== request.publicKeys[0]);
      expect(verifyNow({ ...request, publicKeys: strangers.map((key) => key.l2_public_key) })).toBeUndefined();
      if (message.kind === 'order') {
        for (const changed of [
          { ...message, sizeE8: message.sizeE8 + 1n },
          { ...message, priceE8: message.priceE8 + 1n },
          { ...message, timestampMs: message.timestampMs + 1 },
          { ...message, side: message.side === 'BUY' ? ('SELL' as const) : ('BUY' as const) },
        ]) {
          expect(verifyNow({ ...request, message: changed })).toBeUndefined();
        }
      }
    }
  });

  it('refuses degenerate values instead of failing', () => {
    const { vector, message } = signedMessages()[0]!;
    const request = requestFor(vector, message);
    const order = '3618502788666131213697322783095070105526743751716087489154079457884512865583';
    for (const signature of ['["0","1"]', '["1","0"]', `["1","${order}"]`, `["${order}","1"]`, '[1,2]', '', 'null']) {
      expect(verifyNow({ ...request, signature })).toBeUndefined();
    }
    expect(verifyNow({ ...request, publicKeys: ['0x0', '0x5'] })).toBeUndefined();
    expect(parseSignature('["12","34"]')).toEqual({ r: 12n, s: 34n });
  });
});

describe('verifiers', () => {
  it('answers during the call when inline', () => {
    const { vector, message } = signedMessages()[0]!;
    const answers: VerificationAnswer[] = [];
    createInlineVerifier().verify(requestFor(vector, message), (result) => answers.push(result));
    expect(answers).toEqual([{ publicKey: keyOf(vector).l2_public_key }]);
  });

  it('answers from a worker in the order of the calls', async () => {
    const failures: unknown[] = [];
    const verifier = createWorkerVerifier((error) => failures.push(error));
    const messages = signedMessages().slice(0, 6);
    const answers: boolean[] = [];
    await new Promise<void>((resolve) => {
      messages.forEach(({ vector, message }, index) => {
        const request = requestFor(vector, message);
        const signature = index % 2 === 0 ? request.signature : flipLastDigit(request.signature);
        verifier.verify({ ...request, signature }, (result) => {
          answers.push(result !== undefined);
          if (answers.length === messages.length) resolve();
        });
      });
    });
    await verifier.close();
    expect(answers).toEqual([true, false, true, false, true, false]);
    expect(failures).toEqual([]);
  });
});
