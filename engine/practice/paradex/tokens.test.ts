import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TokenBook } from './tokens.ts';

const GRANT = { account: '0x1', publicKey: '0x2', orderClass: 'pro' as const };

describe('tokens', () => {
  it('are ES384, and the published key set verifies them', () => {
    const book = new TokenBook(() => 0.25);
    const [header, claims, signature] = book.issue(GRANT, 1_795_000_000).split('.');
    expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).toMatchObject({ alg: 'ES384' });
    const key = createPublicKey({ key: book.keySet().keys[0] as JsonWebKey, format: 'jwk' });
    const check = (text: string) =>
      verify('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature!, 'base64url'));
    expect(check(`${header}.${claims}`)).toBe(true);
    expect(check(`${header}.x${claims}`)).toBe(false);
  });

  it('repeat for the same randomness, and no two are alike', () => {
    const first = new TokenBook(() => 0.25);
    const second = new TokenBook(() => 0.25);
    expect(first.issue(GRANT, 1_795_000_000)).toBe(second.issue(GRANT, 1_795_000_000));
    expect(first.issue(GRANT, 1_795_000_000)).not.toBe(first.issue(GRANT, 1_795_000_000));
  });

  it('lose their effect with their key', () => {
    const book = new TokenBook(() => 0.25);
    const token = book.issue(GRANT, 1_795_000_000);
    const other = book.issue({ ...GRANT, publicKey: '0x3' }, 1_795_000_000);
    book.revokeKey('0x2');
    expect(book.find(token, 1_795_000_001)).toBeUndefined();
    expect(book.find(other, 1_795_000_001)).toMatchObject({ account: '0x1' });
  });
});
