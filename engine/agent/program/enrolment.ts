import { chmod } from 'node:fs/promises';
import { nodeDisk } from '../../node/disk.ts';
import type {
  DevicesResult,
  EnrolRequest,
  EnrolResult,
  InitResult,
  RevokeResult,
  RotateResult,
} from '../../protocol/agent-program.ts';
import { ENGINE_VERSION } from '../../version.ts';
import { readDevices, withDevice, writeDevices } from '../trust/devices.ts';
import { activeTls, ensureIdentity, readIdentity, ROTATION_OVERLAP_MS, rotateIdentity } from '../trust/identity.ts';
import { readSightings } from '../trust/sightings.ts';
import { withTrustLock } from '../trust/trust-lock.ts';
import { enrolledDevice } from '../trust/trust-store.ts';
import { writeSettings, type AgentSettings } from './settings.ts';

/** Makes the agent's identity where there is none, and notes where it listens. */
export async function initAgent(root: string, settings: AgentSettings, nowMs: number): Promise<InitResult> {
  await nodeDisk.makeDirectory(root);
  // It may have been there already, open to others.
  await chmod(root, 0o700);
  return withTrustLock(root, async () => {
    const { identity, created } = await ensureIdentity(root);
    await writeSettings(root, settings);
    const { agentId, signingKey, next } = identity;
    const { spkiPin, certificatePem } = activeTls(identity, nowMs);
    const isWaiting = next !== undefined && next.spkiPin !== spkiPin;
    return {
      agentId,
      spkiPin,
      certificatePem,
      publicKey: signingKey.publicKey,
      ...(isWaiting && {
        next: { spkiPin: next.spkiPin, certificatePem: next.certificatePem, activeAt: next.activeAt },
      }),
      ...settings,
      created,
      version: ENGINE_VERSION,
    };
  });
}

/** @throws HalfspreadError HS_ENROL_REFUSED, HS_CERTIFICATE, HS_KEY_FORMAT, HS_AGENT_NOT_INITIALISED */
export async function enrolDevice(root: string, request: EnrolRequest, nowMs: number): Promise<EnrolResult> {
  await readIdentity(root);
  return withTrustLock(root, async () => {
    const before = await readDevices(root);
    const after = withDevice(before, request, nowMs);
    const find = (devices: typeof before) => devices.find(({ deviceId }) => deviceId === request.deviceId);
    const changed = JSON.stringify(find(before)) !== JSON.stringify(find(after));
    if (changed) await writeDevices(root, after);
    return { device: enrolledDevice(find(after)!, await readSightings(root)), changed };
  });
}

export async function listDevices(root: string): Promise<DevicesResult> {
  await readIdentity(root);
  const [devices, seen] = [await readDevices(root), await readSightings(root)];
  return { devices: devices.map((device) => enrolledDevice(device, seen)) };
}

/** A running agent sees the file change and closes the device's sessions. */
export async function revokeDevice(root: string, deviceId: string): Promise<RevokeResult> {
  await readIdentity(root);
  return withTrustLock(root, async () => {
    const devices = await readDevices(root);
    const others = devices.filter((device) => device.deviceId !== deviceId);
    const revoked = others.length < devices.length;
    if (revoked) await writeDevices(root, others);
    return { deviceId, revoked };
  });
}

/** @param now shown at once: every client must be told the new pin */
export async function rotateAgent(root: string, now: boolean, nowMs: number): Promise<RotateResult> {
  const activeAt = Math.round(nowMs + (now ? 0 : ROTATION_OVERLAP_MS));
  const { next } = await withTrustLock(root, () => rotateIdentity(root, nowMs, activeAt));
  const { spkiPin, certificatePem } = next!;
  return { spkiPin, certificatePem, activeAt };
}
