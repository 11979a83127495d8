import { expect, it } from 'vitest';
import { seal } from './seal.test-helper.ts';
import { createSealKey } from './seal.ts';

const context = { agentId: 'agent', bootId: 'boot', deviceId: 'device' };
const plain = Buffer.from('{"keys":"secret"}');

it('opens what was sealed for it, and seals differently each time', () => {
  const key = createSealKey();
  const [first, second] = [seal(plain, key.publicKey, context), seal(plain, key.publicKey, context)];
  expect(key.open(first, context).equals(plain)).toBe(true);
  expect(key.open(second, context).equals(plain)).toBe(true);
  expect(first.ciphertext).not.toBe(second.ciphertext);
});

it('opens nothing sealed for another start, agent or device, nor anything altered', () => {
  const key = createSealKey();
  const sealed = seal(plain, key.publicKey, context);
  const fails = (open: () => unknown) => expect(open).toThrow(expect.objectContaining({ code: 'HS_SEAL' }));
  fails(() => createSealKey().open(sealed, context));
  for (const field of ['agentId', 'bootId', 'deviceId'] as const) {
    fails(() => key.open(sealed, { ...context, [field]: 'other' }));
  }
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  bytes[0]! ^= 1;
  fails(() => key.open({ ...sealed, ciphertext: bytes.toString('base64') }, context));
  fails(() => key.open({ ...sealed, key: createSealKey().publicKey }, context));
  fails(() => key.open({ key: 'AAAA', ciphertext: 'AAAA' }, context));
});
