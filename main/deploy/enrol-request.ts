import type { EnrolRequest } from '../../engine/protocol/agent-program.ts';
import type { DeviceIdentity } from '../keys/device-identity.ts';

/** This machine's public parts, as an agent enrols it. */
export function enrolRequestOf(identity: DeviceIdentity, label: string): EnrolRequest {
  const { deviceId, publicKey, tlsCertificatePem } = identity;
  return { deviceId, publicKey, certificatePem: tlsCertificatePem, role: 'admin', label: label.slice(0, 64) };
}
