import { describe, expect, it } from 'vitest';
import { parseE8 } from '../../core/units.ts';
import paradexVectors from '../paradex/vectors/vectors.json' with { type: 'json' };
import { createInlineSigner } from './inline.ts';
import type { SignerKeys, SignerPort, SignRequest } from './port.ts';
import { createWorkerSigner, startSignerWorker } from './worker-signer.ts';

const account = paradexVectors.keys[0]!;
const vector = paradexVectors.orders[0]!;
const keys: SignerKeys = {
  paradex: {
    privateKey: account.l2_private_key,
    accountAddress: account.account_address,
    starknetChainId: paradexVectors.config.testnet.starknet_chain_id,
  },
};
const order: SignRequest = {
  kind: 'paradex.order',
  timestampMs: vector.params.signature_timestamp,
  market: vector.params.market,
  side: vector.params.side as 'BUY',
  type: 'LIMIT',
  sizeE8: parseE8(vector.params.size),
  priceE8: parseE8(vector.params.price),
};
const stoppedClock = { monotonicMs: () => 5, wallMs: () => 5 };

async function withSigner(signer: Promise<SignerPort>, use: (signer: SignerPort) => Promise<void>): Promise<void> {
  const started = await signer;
  try {
    await use(started);
  } finally {
    await started.close();
  }
}

describe('both signers', () => {
  const makers: [string, () => Promise<SignerPort>][] = [
    ['inline', async () => createInlineSigner(keys, stoppedClock)],
    ['worker', () => createWorkerSigner(keys)],
  ];

  it.each(makers)('%s: signs the published vectors', (_name, make) =>
    withSigner(make(), async (signer) => {
      const auth = paradexVectors.auth[0]!;
      const [orderAnswer, authAnswer] = await Promise.all([
        signer.sign(order),
        signer.sign({ kind: 'paradex.auth', timestampS: auth.timestamp, expirationS: auth.expiration }),
      ]);
      expect(orderAnswer.signature).toBe(vector.signature_field);
      expect(orderAnswer.signMs).toBeGreaterThanOrEqual(0);
      expect(authAnswer.signature).toBe(auth.signature_field);
    }),
  );

  it.each(makers)('%s: refuses a venue it has no key for, and goes on', (_name, make) =>
    withSigner(make(), async (signer) => {
      await expect(signer.sign({ kind: 'vest.cancel', time: 1, nonce: 2, id: '0x1' })).rejects.toMatchObject({
        code: 'HS_SIGN_NO_KEY',
      });
      expect((await signer.sign(order)).signature).toBe(vector.signature_field);
    }),
  );

  it.each(makers)('%s: refuses everything once closed', async (_name, make) => {
    const signer = await make();
    await signer.close();
    await expect(signer.sign(order)).rejects.toMatchObject({ code: 'HS_SIGN_CLOSED' });
  });
});

describe('worker signer', () => {
  it('rejects what is pending when the worker is closed', async () => {
    const signer = await createWorkerSigner(keys);
    const pending = signer.sign(order);
    const outcome = expect(pending).rejects.toMatchObject({ code: 'HS_SIGN_CLOSED' });
    await signer.close();
    await outcome;
  });

  it('rejects what is pending when the worker dies, and later requests too', async () => {
    const dying = `
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', () => process.exit(3));
      parentPort.postMessage({ kind: 'ready' });`;
    const signer = await startSignerWorker(new URL(`data:text/javascript,${encodeURIComponent(dying)}`), keys);
    await expect(signer.sign(order)).rejects.toMatchObject({ code: 'HS_SIGN_WORKER_DIED' });
    await expect(signer.sign(order)).rejects.toMatchObject({ code: 'HS_SIGN_WORKER_DIED' });
  });

  it('does not start with a key that is none', async () => {
    const broken = { paradex: { ...keys.paradex!, privateKey: 'not a key' } };
    await expect(createWorkerSigner(broken)).rejects.toMatchObject({ code: 'HS_SIGN_WORKER_DIED' });
  });
});
