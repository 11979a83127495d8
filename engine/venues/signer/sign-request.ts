import { HalfspreadError } from '../../core/errors.ts';
import { createParadexSigner } from '../paradex/sign.ts';
import type { ParadexSigner } from '../paradex/sign.ts';
import { createVestSigner } from '../vest/sign.ts';
import type { SignerKeys, SignRequest } from './port.ts';

/** One function for the worker and the inline signer: request in, signature in the venue's wire form out. */
export type SignFunction = (request: SignRequest) => string;

/**
 * Builds every table the keys need (up to a second), so that the first real signature is as fast as the rest.
 * The function throws HS_SIGN_NO_KEY for a venue without keys.
 */
export function createSignFunction(keys: SignerKeys): SignFunction {
  const paradex = keys.paradex && createParadexSigner(keys.paradex);
  const vest = keys.vest && createVestSigner(keys.vest.signingKey);
  if (paradex) warmUp(paradex);
  return (request) => {
    switch (request.kind) {
      case 'paradex.order':
        return required(paradex, 'Paradex').signOrder(request);
      case 'paradex.auth':
        return required(paradex, 'Paradex').signAuth(request.timestampS, request.expirationS);
      case 'vest.order':
        return required(vest, 'Vest').signOrder(request);
      case 'vest.cancel':
        return required(vest, 'Vest').signCancel(request);
    }
  };
}

/** Rarely-run code is several times slower: the first orders are signed for nobody. */
function warmUp(paradex: ParadexSigner): void {
  for (let round = 1; round <= 20; round++) {
    paradex.signOrder({ timestampMs: round, market: 'WARM-UP', side: 'BUY', type: 'LIMIT', sizeE8: round, priceE8: 1 });
  }
}

function required<Signer>(signer: Signer | undefined, venue: string): Signer {
  if (signer) return signer;
  throw new HalfspreadError(
    'HS_SIGN_NO_KEY',
    `The signer holds no ${venue} key, so nothing can be signed for it.`,
    `Add the ${venue} trading key to the configuration and start again.`,
  );
}
