import { join } from 'node:path';
import { z } from 'zod';
import { HalfspreadError } from '../../core/errors.ts';
import {
  ed25519KeySchema,
  keyNameSchema,
  pinnedCertificateSchema,
  type EnrolRequest,
} from '../../protocol/agent-program.ts';
import { roleSchema } from '../../protocol/messages.ts';
import { deviceIdOf, verifyBytes } from '../keys.ts';
import { parseCertificate } from './certificate.ts';
import { ROTATION_OVERLAP_MS } from './identity.ts';
import { readStateFile, stateFileError, writeStateFile } from './state-file.ts';

export const DEVICES_FILE = 'devices.json';
const MAX_DEVICES = 64;
/** The certificate in use and those a rotation leaves behind. */
const MAX_CERTIFICATES = 4;

const deviceSchema = z.strictObject({
  deviceId: keyNameSchema,
  publicKey: ed25519KeySchema,
  label: z.string().min(1).max(64),
  /** The most it may ask for. */
  role: roleSchema,
  /** Oldest first; one with `until` (Unix ms) is good until then. */
  certificates: z
    .array(pinnedCertificateSchema.extend({ until: z.number().optional() }))
    .min(1)
    .max(MAX_CERTIFICATES),
  addedAt: z.number(),
});
export type Device = z.infer<typeof deviceSchema>;

const devicesSchema = z.strictObject({ version: z.literal(1), devices: z.array(deviceSchema).max(MAX_DEVICES) });

/** The devices enrolled; none when the file is not there yet. @throws HalfspreadError HS_STATE_FILE */
export async function readDevices(stateFolder: string): Promise<Device[]> {
  const path = join(stateFolder, DEVICES_FILE);
  const devices = (await readStateFile(path, devicesSchema))?.devices ?? [];
  const seen = new Set<string>();
  devices.forEach((device, index) => {
    const fail = (field: string, problem: string) =>
      stateFileError(path, `field devices[${index}].${field}: ${problem}`);
    if (deviceIdOf(device.publicKey) !== device.deviceId) throw fail('deviceId', 'is not the name of its key');
    device.certificates.forEach(({ certificatePem, spkiPin }, at) => {
      if (parseCertificate(certificatePem).spkiPin !== spkiPin) {
        throw fail(`certificates[${at}].spkiPin`, 'is not the pin of its certificate');
      }
    });
    for (const name of [device.deviceId, ...device.certificates.map(({ spkiPin }) => spkiPin)]) {
      if (seen.has(name)) throw fail('certificates', 'a key belongs to two devices');
      seen.add(name);
    }
  });
  return devices;
}

export function writeDevices(stateFolder: string, devices: Device[]): Promise<void> {
  return writeStateFile(join(stateFolder, DEVICES_FILE), devicesSchema, { version: 1, devices });
}

/**
 * The devices with this one among them. Role and label are replaced; another certificate is added, and older ones end a
 * week later.
 * @throws HalfspreadError HS_ENROL_REFUSED, HS_CERTIFICATE, HS_KEY_FORMAT
 */
export function withDevice(devices: Device[], request: EnrolRequest, nowMs: number): Device[] {
  const { deviceId, publicKey, role, label } = request;
  // Throws when the key is none.
  verifyBytes(publicKey, new Uint8Array(), '');
  if (deviceIdOf(publicKey) !== deviceId) throw enrolRefused('The device id is not the name of its public key.');
  const { certificatePem, spkiPin } = parseCertificate(request.certificatePem);
  const others = devices.filter((device) => device.deviceId !== deviceId);
  if (others.some(({ certificates }) => certificates.some((one) => one.spkiPin === spkiPin))) {
    throw enrolRefused('This certificate belongs to another device.');
  }
  const known = devices.find((device) => device.deviceId === deviceId);
  const certificates = (known?.certificates ?? []).filter(({ until }) => until === undefined || until > nowMs);
  const current = certificates.at(-1);
  const next =
    current?.spkiPin === spkiPin
      ? certificates
      : [
          ...certificates
            .filter((one) => one.spkiPin !== spkiPin)
            .map((one) => ({ ...one, until: one.until ?? nowMs + ROTATION_OVERLAP_MS })),
          { spkiPin, certificatePem },
        ].slice(-MAX_CERTIFICATES);
  if (!known && others.length >= MAX_DEVICES) throw enrolRefused(`${MAX_DEVICES} devices are enrolled already.`);
  return [...others, { deviceId, publicKey, label, role, certificates: next, addedAt: known?.addedAt ?? nowMs }];
}

function enrolRefused(message: string): HalfspreadError {
  return new HalfspreadError('HS_ENROL_REFUSED', message, 'Enrol it from the desktop, which makes all of it itself.');
}
