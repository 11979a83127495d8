import { describe, expect, it } from 'vitest';
import { VEST_VERIFYING_CONTRACTS, registerBody } from './register.ts';
import vectors from './vectors/vest-vectors.json' with { type: 'json' };

describe('vest registration', () => {
  it.each(vectors.registrations)('builds the $env vector byte for byte', async ({ domain, message, requestBody }) => {
    const body = await registerBody({
      primaryKey: vectors.keys.primary.privateKey,
      signingKey: vectors.keys.signing.privateKey,
      expiryMs: message.signerExpiry,
      verifyingContract: domain.verifyingContract,
    });
    expect(body).toEqual(requestBody);
    expect(domain.verifyingContract).toBe(VEST_VERIFYING_CONTRACTS.production);
  });
});
