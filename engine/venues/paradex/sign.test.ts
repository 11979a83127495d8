import { verify } from '@scure/starknet';
import { describe, expect, it } from 'vitest';
import { parseE8 } from '../../core/units.ts';
import { accountAddress, evmAccountAddress, signSubkeyRegistration, starkKeyFromSignature } from './keys.ts';
import { starkKeyFromWallet, starkPublicKey } from './keys.ts';
import { domainHash, OrderHasher, selector, shortString } from './order-hash.ts';
import type { SignedOrder } from './order-hash.ts';
import { pedersenArray } from './pedersen.ts';
import { createParadexSigner } from './sign.ts';
import vectors from './vectors/vectors.json' with { type: 'json' };

const hex = (felt: bigint): string => `0x${felt.toString(16)}`;

type SignedBy = { key: string; env: string; signed_by?: string };

/** The account of the vector's key, signed by that key or, for `signed_by: subkey`, by the subkey. */
function signingKeys({ key, env, signed_by }: SignedBy) {
  const parent = vectors.keys.find(({ id }) => id === key)!;
  return {
    privateKey: signed_by === 'subkey' ? vectors.subkey.l2_private_key : parent.l2_private_key,
    accountAddress: parent.account_address,
    starknetChainId: vectors.config[env as 'prod' | 'testnet'].starknet_chain_id,
  };
}

function orderOf(params: (typeof vectors.orders)[number]['params']): SignedOrder {
  return {
    timestampMs: params.signature_timestamp,
    market: params.market,
    side: params.side as 'BUY' | 'SELL',
    type: params.type as SignedOrder['type'],
    sizeE8: quantum(params.size),
    priceE8: quantum(params.price),
  };
}

/** The vectors reach beyond 2^53 units, where the engine's own sizes end. */
function quantum(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(8, '0'));
}

describe('hash constants', () => {
  it('match for every type, short string and domain', () => {
    for (const [type, hash] of Object.entries(vectors.constants.type_hash)) expect(hex(selector(type))).toBe(hash);
    for (const [text, felt] of Object.entries(vectors.constants.shortstring)) expect(hex(shortString(text))).toBe(felt);
    expect(hex(selector('initialize'))).toBe(vectors.constants.selector_initialize);
    expect(hex(domainHash(vectors.config.testnet.starknet_chain_id))).toBe(vectors.constants.domain_hash.testnet);
    expect(hex(domainHash(vectors.config.prod.starknet_chain_id))).toBe(vectors.constants.domain_hash.prod);
  });

  it('turn decimals into quanta, and refuse what the engine cannot hold exactly', () => {
    for (const { decimal, quantum } of vectors.quantum_conversion) {
      if (Number.isSafeInteger(Number(quantum))) expect(String(parseE8(decimal))).toBe(quantum);
      else expect(() => parseE8(decimal)).toThrow(/too large/);
    }
  });

  it('refuse text that is no short string', () => {
    expect(() => shortString('x'.repeat(32))).toThrow(/31 characters/);
    expect(() => shortString('é')).toThrow(/ASCII/);
  });
});

describe('keys', () => {
  it.each(vectors.keys)('$id: private key, public key and address', async (key) => {
    expect(starkKeyFromSignature(key.eth_signature)).toBe(key.l2_private_key);
    expect(await starkKeyFromWallet(key.eth_private_key, key.l1_chain_id)).toBe(key.l2_private_key);
    expect(starkPublicKey(key.l2_private_key)).toBe(key.l2_public_key);
    expect(accountAddress(key.l2_public_key, vectors.config.class_hashes)).toBe(key.account_address);
  });

  it('keep the leading zero byte of r', async () => {
    for (const key of vectors.keys_r_leading_zero) {
      expect(BigInt(await starkKeyFromWallet(key.eth_private_key, key.l1_chain_id))).toBe(BigInt(key.l2_private_key));
      expect(BigInt(starkKeyFromSignature(key.eth_signature))).toBe(BigInt(key.l2_private_key));
    }
  });

  it('derive the addresses of accounts owned by an Ethereum address', () => {
    for (const account of vectors.evm_accounts) {
      expect(evmAccountAddress(account.eth_address, account.class_hash)).toBe(account.account_address);
    }
  });

  it('derive the public key of the subkey', () => {
    expect(starkPublicKey(vectors.subkey.l2_private_key)).toBe(vectors.subkey.l2_public_key);
  });

  it('sign a subkey registration that the main public key verifies', () => {
    const main = vectors.keys[0]!;
    const grant = {
      accountAddress: main.account_address,
      subkeyPublicKey: vectors.subkey.l2_public_key,
      timestampS: 1795000000,
      expiryS: 1795001800,
    };
    const [r, s] = JSON.parse(signSubkeyRegistration(main.l2_private_key, grant)) as [string, string];
    const hash = pedersenArray([
      BigInt(grant.accountAddress),
      BigInt(grant.subkeyPublicKey),
      BigInt(grant.timestampS),
      BigInt(grant.expiryS),
    ]);
    const compact = [r, s].map((part) => BigInt(part).toString(16).padStart(64, '0')).join('');
    const publicKey = `02${BigInt(main.l2_public_key).toString(16).padStart(64, '0')}`;
    expect(verify(compact, hex(hash), publicKey, { format: 'compact' })).toBe(true);
  });
});

function hasherOf(vector: SignedBy): OrderHasher {
  const keys = signingKeys(vector);
  return new OrderHasher(keys.accountAddress, keys.starknetChainId);
}

describe('order signatures', () => {
  it.each(vectors.orders.map((vector, index) => ({ ...vector, index })))(
    '$index: $key $params.market $params.side $params.type $params.size @ $params.price',
    (vector) => {
      expect(hex(hasherOf(vector).order(orderOf(vector.params)))).toBe(vector.message_hash);
      expect(createParadexSigner(signingKeys(vector)).signOrder(orderOf(vector.params))).toBe(vector.signature_field);
    },
  );

  it('agree when prefixes are shared between orders of one timestamp', () => {
    const shared = hasherOf({ key: 'k1-testnet', env: 'testnet' });
    for (const { params, key, message_hash } of [...vectors.orders, ...vectors.orders]) {
      if (key === 'k1-testnet') expect(hex(shared.order(orderOf(params)))).toBe(message_hash);
    }
  });
});

describe('other signatures', () => {
  it.each(vectors.modifies)('modify $key $params.id', (vector) => {
    const modify = { ...orderOf(vector.params), id: vector.params.id };
    expect(hex(hasherOf(vector).modify(modify))).toBe(vector.message_hash);
    expect(createParadexSigner(signingKeys(vector)).signModify(modify)).toBe(vector.signature_field);
  });

  it.each(vectors.auth)('auth $key $env', (vector) => {
    const { timestamp, expiration } = vector;
    expect(hex(hasherOf(vector).auth(timestamp, expiration))).toBe(vector.message_hash);
    expect(createParadexSigner(signingKeys(vector)).signAuth(timestamp, expiration)).toBe(vector.signature_field);
  });

  it.each(vectors.onboarding)('onboarding $key', (vector) => {
    expect(hex(hasherOf(vector).onboarding())).toBe(vector.message_hash);
    expect(createParadexSigner(signingKeys(vector)).signOnboarding()).toBe(vector.signature_field);
  });
});
