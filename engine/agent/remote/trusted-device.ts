import type { TrustedDevice } from '../authenticate.ts';
import type { TrustStore } from '../trust/trust-store.ts';

/** A device of the trust store as the handshake needs it. Its key lies in a keychain, so its signature authorizes. */
export function trustedDevice(trust: TrustStore, deviceId: string): TrustedDevice | undefined {
  const device = trust.device(deviceId);
  return (
    device && {
      publicKey: device.publicKey,
      maxRole: device.role,
      mayAuthorize: true,
      lowestProtocol: trust.lowestProtocol(deviceId),
    }
  );
}
