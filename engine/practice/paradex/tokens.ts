import { p384 } from '@noble/curves/nist.js';
import type { OrderClass } from './exchange/rules.ts';

/** Life of a JWT: 300 s, not extendable (Paradex: authentication). */
const TOKEN_LIFE_S = 300;
const ISSUER = 'Paradex';
const KEY_ID = 'practice';

export interface Grant {
  account: string;
  /** Key that signed the request for the token. */
  publicKey: string;
  orderClass: OrderClass;
  expiresAtS: number;
}

function base64url(data: Uint8Array | string): string {
  return Buffer.from(data).toString('base64url');
}

/**
 * Issues ES384 tokens and knows which of them are good. Signatures are deterministic (RFC 6979) and the key comes from the
 * host's seeded randomness, so that a virtual run repeats to the byte.
 */
export class TokenBook {
  private readonly secretKey: Uint8Array;
  private lastId = 0;
  private readonly grants = new Map<string, Grant>();

  constructor(random: () => number) {
    const seed = Uint8Array.from({ length: p384.lengths.seed ?? 72 }, () => Math.floor(random() * 256));
    this.secretKey = p384.utils.randomSecretKey(seed);
  }

  issue(grant: Omit<Grant, 'expiresAtS'>, nowS: number): string {
    this.dropExpired(nowS);
    const expiresAtS = nowS + TOKEN_LIFE_S;
    const header = base64url(JSON.stringify({ alg: 'ES384', kid: KEY_ID, typ: 'JWT' }));
    const claims = base64url(
      JSON.stringify({
        typ: 'at+JWT',
        exp: expiresAtS,
        iat: nowS,
        iss: ISSUER,
        sub: grant.account,
        // Two logins within one second must not give the same token.
        jti: String(++this.lastId),
        ...(grant.orderClass === 'retail' ? { token_usage: 'interactive' } : {}),
      }),
    );
    const signature = p384.sign(Buffer.from(`${header}.${claims}`), this.secretKey);
    const token = `${header}.${claims}.${base64url(signature)}`;
    this.grants.set(token, { ...grant, expiresAtS });
    return token;
  }

  /** The grant of a token that is ours and not expired. */
  find(token: string, nowS: number): Grant | undefined {
    const grant = this.grants.get(token);
    return grant !== undefined && nowS < grant.expiresAtS ? grant : undefined;
  }

  /** Tokens obtained with this key are void. */
  revokeKey(publicKey: string): void {
    for (const [token, grant] of this.grants) if (grant.publicKey === publicKey) this.grants.delete(token);
  }

  /** JSON Web Key Set for `GET /jwks.json`. */
  keySet(): { keys: Record<string, string>[] } {
    const point = p384.getPublicKey(this.secretKey, false);
    const x = base64url(point.slice(1, 49));
    const y = base64url(point.slice(49));
    return { keys: [{ kty: 'EC', crv: 'P-384', alg: 'ES384', use: 'sig', kid: KEY_ID, x, y }] };
  }

  private dropExpired(nowS: number): void {
    for (const [token, grant] of this.grants) if (nowS >= grant.expiresAtS) this.grants.delete(token);
  }
}
