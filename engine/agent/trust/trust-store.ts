import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { EnrolledDevice } from '../../protocol/agent-program.ts';
import type { TlsIdentity } from './certificate.ts';
import { DEVICES_FILE, readDevices, withDevice, writeDevices, type Device } from './devices.ts';
import { activeTls, IDENTITY_FILE, readIdentity, type AgentIdentity } from './identity.ts';
import { readSightings, writeSightings, type Sightings } from './sightings.ts';
import { withTrustLock } from './trust-lock.ts';

/** Revocation takes effect within a second, also when another process wrote the file. */
const LOOK_PERIOD_MS = 300;
const SEEN_WRITE_PERIOD_MS = 60_000;

/** Whom a running agent knows, always as the files have it. */
export interface TrustStore {
  identity(): AgentIdentity;
  /** The certificate to show now. */
  tls(): TlsIdentity;
  /** Certificates that may connect now, PEM. */
  certificates(): string[];
  /** Whose certificate this is; undefined when nobody's, or no more. */
  deviceByPin(spkiPin: string): Device | undefined;
  device(deviceId: string): Device | undefined;
  devices(): EnrolledDevice[];
  /** Lowest protocol this device may come with; 0 for one never seen. */
  lowestProtocol(deviceId: string): number;
  noteSeen(deviceId: string, protocol: number): void;
  /** Adds a certificate to a device; its older ones end a week later. */
  rotateDevice(deviceId: string, certificatePem: string): Promise<void>;
  /** Reads the files now instead of at the next look. */
  reload(): Promise<void>;
  /** Called when devices or the certificate shown have changed. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/**
 * @param onProblem a file that was damaged while the agent runs: what it held before goes on to count
 * @throws HalfspreadError HS_STATE_FILE, HS_AGENT_NOT_INITIALISED
 */
export async function openTrustStore(
  stateFolder: string,
  env: Pick<Env, 'clock' | 'timers'>,
  onProblem: (message: string) => void,
): Promise<TrustStore> {
  let identity = await readIdentity(stateFolder);
  let devices = await readDevices(stateFolder);
  const seen: Sightings = await readSightings(stateFolder);
  const listeners: (() => void)[] = [];
  const now = () => env.clock.wallMs();
  let fingerprint = await fingerprintOf(stateFolder);
  /** What the listeners were told last. */
  let told = '';
  let lastProblem = '';
  let seenWriteDueAtMs = Number.NEGATIVE_INFINITY;
  let seenDirty = false;
  let working: Promise<void> = Promise.resolve();

  const validCertificates = (device: Device) =>
    device.certificates.filter(({ until }) => until === undefined || until > now());
  const picture = () =>
    JSON.stringify([
      activeTls(identity, now()).spkiPin,
      devices.map((device) => [
        device.deviceId,
        device.publicKey,
        device.role,
        validCertificates(device).map(({ spkiPin }) => spkiPin),
      ]),
    ]);
  told = picture();

  function problem(error: unknown): void {
    const message = errorMessage(error);
    if (message !== lastProblem) onProblem(message);
    lastProblem = message;
  }

  async function reload(): Promise<void> {
    try {
      const found = await fingerprintOf(stateFolder);
      const [nextIdentity, nextDevices] = [await readIdentity(stateFolder), await readDevices(stateFolder)];
      [fingerprint, identity, devices] = [found, nextIdentity, nextDevices];
      lastProblem = '';
    } catch (error) {
      problem(error);
    }
    tellChanges();
  }

  /** Time changes it too: a certificate's end, the beginning of the agent's next one. */
  function tellChanges(): void {
    const current = picture();
    if (current === told) return;
    told = current;
    for (const listener of listeners) listener();
  }

  async function look(): Promise<void> {
    try {
      if ((await fingerprintOf(stateFolder)) !== fingerprint) return await reload();
      tellChanges();
      if (seenDirty && env.clock.monotonicMs() >= seenWriteDueAtMs) {
        seenDirty = false;
        seenWriteDueAtMs = env.clock.monotonicMs() + SEEN_WRITE_PERIOD_MS;
        await writeSightings(stateFolder, seen);
      }
    } catch (error) {
      problem(error);
    }
  }

  const stopLooking = env.timers.every(LOOK_PERIOD_MS, () => {
    working = working.then(look);
  });

  return {
    identity: () => identity,
    tls: () => activeTls(identity, now()),
    certificates: () => devices.flatMap((device) => validCertificates(device).map((one) => one.certificatePem)),
    deviceByPin: (spkiPin) =>
      devices.find((device) => validCertificates(device).some((one) => one.spkiPin === spkiPin)),
    device: (deviceId) => devices.find((device) => device.deviceId === deviceId),
    devices: () => devices.map((device) => enrolledDevice(device, seen)),
    lowestProtocol: (deviceId) => seen[deviceId]?.protocol ?? 0,
    noteSeen(deviceId, protocol) {
      seen[deviceId] = {
        lastSeenAt: Math.round(now()),
        protocol: Math.max(protocol, seen[deviceId]?.protocol ?? 0),
      };
      seenDirty = true;
    },
    async rotateDevice(deviceId, certificatePem) {
      await withTrustLock(stateFolder, async () => {
        const current = await readDevices(stateFolder);
        const device = current.find((one) => one.deviceId === deviceId);
        if (!device) return;
        await writeDevices(stateFolder, withDevice(current, { ...device, certificatePem }, now()));
      });
      await reload();
    },
    reload,
    onChange: (listener) => void listeners.push(listener),
    async close() {
      stopLooking();
      await working;
      if (seenDirty) await writeSightings(stateFolder, seen);
    },
  };
}

export function enrolledDevice(device: Device, seen: Sightings): EnrolledDevice {
  const { deviceId, label, role, certificates, addedAt } = device;
  return {
    deviceId,
    label,
    role,
    pins: certificates.map(({ spkiPin, until }) => ({ spkiPin, until })),
    addedAt,
    lastSeenAt: seen[deviceId]?.lastSeenAt,
  };
}

/** Changes with every write of the two files, which replace them by rename. */
async function fingerprintOf(stateFolder: string): Promise<string> {
  const parts = await Promise.all(
    [IDENTITY_FILE, DEVICES_FILE].map(async (name) => {
      try {
        const { ino, mtimeMs, size } = await stat(join(stateFolder, name));
        return `${ino} ${mtimeMs} ${size}`;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none';
        throw error;
      }
    }),
  );
  return parts.join(', ');
}
