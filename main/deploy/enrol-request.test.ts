import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { enrolRequestSchema } from '../../engine/protocol/agent-program.ts';
import { openDeviceIdentity } from '../keys/device-identity.ts';
import { enrolRequestOf } from './enrol-request.ts';

it('shows agents the public parts only, in the form they take', async () => {
  const kept = new Map<string, string>();
  const store = {
    get: (name: string) => Promise.resolve(kept.get(name)),
    set: (name: string, value: string) => Promise.resolve(kept.set(name, value)),
  };
  const request = enrolRequestSchema.parse(enrolRequestOf(await openDeviceIdentity(store), 'my laptop'));
  expect(JSON.stringify(request)).not.toContain('PRIVATE');
  const certificate = new X509Certificate(request.certificatePem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});
