import type { Clock } from '../../env.ts';
import { HalfspreadError } from '../../core/errors.ts';
import type { SignAnswer, SignerKeys, SignerPort } from './port.ts';
import { createSignFunction } from './sign-request.ts';

/** Signs on the caller's thread: for the virtual run and tests, where a worker's timing would not be repeatable. */
export function createInlineSigner(keys: SignerKeys, clock: Clock): SignerPort {
  const sign = createSignFunction(keys);
  let closed = false;
  return {
    sign: async (request): Promise<SignAnswer> => {
      if (closed) throw new HalfspreadError('HS_SIGN_CLOSED', 'The signer was closed.', 'Start the engine again.');
      const startedAtMs = clock.monotonicMs();
      const signature = sign(request);
      return { signature, signMs: clock.monotonicMs() - startedAtMs };
    },
    close: async () => {
      closed = true;
    },
  };
}
