import { describe, expect, it } from 'vitest';
import vectors from '../../venues/vest/vectors/vest-vectors.json' with { type: 'json' };
import { cancelArgsHash, leverageArgsHash, orderArgsHash, recoverRegistrar, recoverSigner } from './signatures.ts';

const signing = vectors.keys.signing.address.toLowerCase();
const primary = vectors.keys.primary.address.toLowerCase();

describe('Vest signatures at the venue', () => {
  it.each(vectors.orders)('recovers the signer of the published order: $name', (vector) => {
    expect(orderArgsHash(vector.order)).toBe(vector.argsHash);
    expect(recoverSigner(vector.argsHash, vector.signature)).toBe(signing);
  });

  it.each(vectors.orders)('sees another signer when the hex text was signed: $name', (vector) => {
    expect(recoverSigner(vector.argsHash, vector.wrongIfSignedAsText)).not.toBe(signing);
  });

  it.each(vectors.cancels)('recovers the signer of the published cancel of $order.id', (vector) => {
    expect(cancelArgsHash(vector.order)).toBe(vector.argsHash);
    expect(recoverSigner(vector.argsHash, vector.signature)).toBe(signing);
  });

  it('hashes the leverage call as the one client that signs it', () => {
    expect(leverageArgsHash(vectors.leverage.fields)).toBe(vectors.leverage.argsHash);
    expect(recoverSigner(vectors.leverage.argsHash, vectors.leverage.signature)).toBe(signing);
  });

  it.each(vectors.registrations)('recovers the primary key from the $env registration', (vector) => {
    const proof = {
      approvedSigner: vector.message.approvedSigner,
      signerExpiryMs: vector.message.signerExpiry,
      verifyingContract: vector.domain.verifyingContract,
    };
    expect(recoverRegistrar(proof, vector.signature)).toBe(primary);
  });

  it.each(['0x', '0x1234', `0x${'ff'.repeat(65)}`, 'no hex'])('takes %s for a wrong signature', (signature) => {
    expect(recoverSigner(vectors.orders[0]!.argsHash, signature)).toBeUndefined();
  });
});
