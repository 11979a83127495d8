import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, it } from 'vitest';
import { openDeviceIdentity } from './device-identity.ts';
import { MAX_SECRET_BYTES } from './secret-store.ts';
import { createSessionStore } from './storage/session-store.ts';

it('is made once, fits the smallest storage, and is the same ever after', async () => {
  const store = createSessionStore();
  const [first, second] = await Promise.all([openDeviceIdentity(store), openDeviceIdentity(store)]);
  const again = await openDeviceIdentity(store);
  for (const other of [second, again]) {
    expect(other.deviceId).toBe(first.deviceId);
    expect(other.spkiPin).toBe(first.spkiPin);
    expect(other.tlsCertificatePem).toBe(first.tlsCertificatePem);
  }
  expect(await store.list()).toEqual(['device']);
  expect(Buffer.byteLength((await store.get('device'))!)).toBeLessThan(MAX_SECRET_BYTES);
  expect((await openDeviceIdentity(createSessionStore())).deviceId).not.toBe(first.deviceId);
});

it('signs so that its public key verifies, and its certificate is P-256, ten years, its own', async () => {
  const device = await openDeviceIdentity(createSessionStore());
  const key = createPublicKey({ key: Buffer.from(device.publicKey, 'base64'), format: 'der', type: 'spki' });
  const bytes = Buffer.from('a transcript');
  expect(verify(null, bytes, key, Buffer.from(device.sign(bytes), 'base64'))).toBe(true);
  const certificate = new X509Certificate(device.tlsCertificatePem);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const years = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / (365.25 * 86_400_000);
  expect(years).toBeCloseTo(10, 1);
});

it('opens a mutual TLS 1.3 connection that trusts nothing but the pinned certificates', async () => {
  const [server, client] = await Promise.all([
    openDeviceIdentity(createSessionStore()),
    openDeviceIdentity(createSessionStore()),
  ]);
  const listening = createServer({
    key: server.tlsKeyPem,
    cert: server.tlsCertificatePem,
    ca: [client.tlsCertificatePem],
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  try {
    const accepted = once(listening, 'secureConnection');
    const socket = connect({
      host: '127.0.0.1',
      port: (listening.address() as AddressInfo).port,
      key: client.tlsKeyPem,
      cert: client.tlsCertificatePem,
      ca: [server.tlsCertificatePem],
      checkServerIdentity: () => undefined,
    });
    await once(socket, 'secureConnect');
    await accepted;
    expect(socket.authorized).toBe(true);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  } finally {
    listening.close();
  }
});

it('refuses an entry that something else changed, and does not replace it', async () => {
  const store = createSessionStore();
  const { tlsKeyPem } = await openDeviceIdentity(createSessionStore());
  await openDeviceIdentity(store);
  const kept = JSON.parse((await store.get('device'))!) as object;
  const changed = JSON.stringify({ ...kept, tlsKeyPem });
  for (const text of ['not JSON', '{}', changed]) {
    await store.set('device', text);
    await expect(openDeviceIdentity(store)).rejects.toMatchObject({ code: 'HS_DEVICE_DAMAGED' });
    expect(await store.get('device')).toBe(text);
  }
});
