import { createRequire } from 'node:module';
import { secp256k1 as nobleSecp256k1 } from '@noble/curves/secp256k1.js';

/**
 * Signs a 32-byte digest (RFC 6979, low s) into `out`: r (32 bytes), s (32 bytes). Returns the recovery bit, 0 or 1.
 */
export type SignDigest = (digest: Uint8Array, privateKey: Uint8Array, out: Uint8Array) => number;

export interface Ecdsa {
  name: 'native' | 'noble';
  sign: SignDigest;
}

interface NativeSecp256k1 {
  ecdsaSign(
    message: Uint8Array,
    privateKey: Uint8Array,
    options?: { data?: Uint8Array },
    output?: Uint8Array,
  ): { signature: Uint8Array; recid: number };
}

export const nobleEcdsa: Ecdsa = {
  name: 'noble',
  sign(digest, privateKey, out) {
    const signature = nobleSecp256k1.sign(digest, privateKey, { prehash: false, format: 'recovered' });
    out.set(signature.subarray(1, 65));
    return signature[0]!;
  },
};

/** libsecp256k1 (about 12x faster than JavaScript), or undefined where its native build does not load. */
export function loadNativeEcdsa(): Ecdsa | undefined {
  let native: NativeSecp256k1;
  try {
    // bindings.js and not the package's index: that one falls back to elliptic, which must never touch a key here.
    native = createRequire(import.meta.url)('secp256k1/bindings.js') as NativeSecp256k1;
  } catch {
    return undefined;
  }
  return {
    name: 'native',
    sign: (digest, privateKey, out) => native.ecdsaSign(digest, privateKey, undefined, out).recid,
  };
}

/** The implementation in use; `doctor` shows its name. */
export const ecdsa: Ecdsa = loadNativeEcdsa() ?? nobleEcdsa;
