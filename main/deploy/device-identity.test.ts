import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { enrolRequestSchema } from '../../engine/protocol/agent-program.ts';
import { enrolRequestOf, openDeviceIdentity } from './device-identity.ts';
import type { SecretStore } from './ports.ts';

function memoryStore(kept = new Map<string, string>()): SecretStore & { kept: Map<string, string> } {
  return {
    kept,
    get: (name) => Promise.resolve(kept.get(name)),
    set: (name, value) => Promise.resolve(void kept.set(name, value)),
    delete: (name) => Promise.resolve(kept.delete(name)),
  };
}

it('is made once, fits the smallest keychain, and shows agents its public parts only', async () => {
  const store = memoryStore();
  const first = await openDeviceIdentity(store);
  const second = await openDeviceIdentity(store);
  expect(second.deviceId).toBe(first.deviceId);
  expect(second.tlsCertificatePem).toBe(first.tlsCertificatePem);
  expect([...store.kept.values()][0]!.length).toBeLessThan(2_400);
  const request = enrolRequestSchema.parse(enrolRequestOf(first, 'my laptop'));
  expect(JSON.stringify(request)).not.toContain('PRIVATE');
  const certificate = new X509Certificate(request.certificatePem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

it('a damaged one is told without quoting it', async () => {
  const store = memoryStore(new Map([['device', '{"version":1,"signingKeyPem":"c2VjcmV0"}']]));
  const error: unknown = await openDeviceIdentity(store).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'HS_DEVICE_DAMAGED' });
  expect(JSON.stringify(error)).not.toContain('c2VjcmV0');
});
