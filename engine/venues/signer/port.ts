/** What the signer of this engine can be asked to sign. It alone holds the trading keys. */
export type SignRequest =
  | {
      kind: 'paradex.order';
      timestampMs: number;
      market: string;
      side: 'BUY' | 'SELL';
      type: 'LIMIT' | 'MARKET';
      sizeE8: number;
      /** Signed as 0 for MARKET. */
      priceE8: number;
    }
  | { kind: 'paradex.auth'; timestampS: number; expirationS: number }
  | {
      kind: 'vest.order';
      time: number;
      nonce: number;
      orderType: 'MARKET' | 'LIMIT';
      symbol: string;
      isBuy: boolean;
      /** Exactly as sent in the body, padded to the market's decimals. */
      size: string;
      limitPrice: string;
      reduceOnly: boolean;
    }
  | { kind: 'vest.cancel'; time: number; nonce: number; id: string };

export interface SignAnswer {
  /** As the venue wants it on the wire: Paradex `["r","s"]`, Vest 0x + 65 bytes. */
  signature: string;
  /** Time spent signing on the signer itself. */
  signMs: number;
}

/**
 * Real: a worker thread (signer/worker.ts) that receives the keys once at start. Virtual run and tests: signer/inline.ts,
 * the same functions on the caller's thread.
 */
export interface SignerPort {
  sign(request: SignRequest): Promise<SignAnswer>;
  close(): Promise<void>;
}

export interface SignerKeys {
  paradex?: { privateKey: string; accountAddress: string; starknetChainId: string };
  vest?: { signingKey: string };
}
