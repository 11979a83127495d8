import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { HalfspreadError } from '../../core/errors.ts';
import { nodeDisk } from '../../node/disk.ts';
import { certificatePemSchema, ed25519KeySchema, keyNameSchema, spkiPinSchema } from '../../protocol/agent-program.ts';
import { deviceIdOf, newSigningKey, publicKeyOf, type SigningKey } from '../keys.ts';
import { newTlsIdentity, parseCertificate, type TlsIdentity } from './certificate.ts';
import { readStateFile, stateFileError, writeStateFile } from './state-file.ts';

/** How long both pins are good after a rotation. */
export const ROTATION_OVERLAP_MS = 7 * 24 * 3_600_000;
export const IDENTITY_FILE = 'identity.json';

const tlsSchema = z.strictObject({
  keyPem: z.string().max(4_096),
  certificatePem: certificatePemSchema,
  spkiPin: spkiPinSchema,
});
const identitySchema = z.strictObject({
  version: z.literal(1),
  agentId: keyNameSchema,
  signingKey: z.strictObject({ publicKey: ed25519KeySchema, privateKey: z.string().max(512) }),
  tls: tlsSchema,
  /** Shown instead of `tls` from `activeAt` (Unix ms) on. */
  next: tlsSchema.extend({ activeAt: z.number() }).optional(),
});
type IdentityFile = z.infer<typeof identitySchema>;

/** Who the agent is: an Ed25519 key that never changes and names it, and a TLS key that can be rotated. */
export interface AgentIdentity {
  agentId: string;
  signingKey: SigningKey;
  tls: TlsIdentity;
  next?: TlsIdentity & { activeAt: number };
}

/** @throws HalfspreadError HS_STATE_FILE, HS_AGENT_NOT_INITIALISED */
export async function readIdentity(stateFolder: string): Promise<AgentIdentity> {
  const path = join(stateFolder, IDENTITY_FILE);
  const file = await readStateFile(path, identitySchema);
  if (!file) {
    throw new HalfspreadError(
      'HS_AGENT_NOT_INITIALISED',
      `${stateFolder} holds no agent's identity.`,
      'Run `init --state DIR --port P` first, or name the right folder.',
    );
  }
  checkIdentity(path, file);
  return file;
}

/** The identity of this state folder, made now when there is none. */
export async function ensureIdentity(stateFolder: string): Promise<{ identity: AgentIdentity; created: boolean }> {
  const path = join(stateFolder, IDENTITY_FILE);
  if ((await nodeDisk.sizeOf(path)) !== undefined) {
    return { identity: await readIdentity(stateFolder), created: false };
  }
  const signingKey = newSigningKey();
  const identity: AgentIdentity = {
    agentId: deviceIdOf(signingKey.publicKey),
    signingKey,
    tls: newTlsIdentity(certificateName()),
  };
  await nodeDisk.makeDirectory(stateFolder);
  await writeStateFile(path, identitySchema, { version: 1, ...identity });
  return { identity, created: true };
}

/** The TLS identity to show at `nowMs` (Unix ms). */
export function activeTls(identity: AgentIdentity, nowMs: number): TlsIdentity {
  return identity.next && nowMs >= identity.next.activeAt ? identity.next : identity.tls;
}

/**
 * Makes the next TLS key and writes it down. A rotation that is under way is replaced: its key was never shown.
 * @param activeAt Unix ms from which it is shown
 */
export async function rotateIdentity(stateFolder: string, nowMs: number, activeAt: number): Promise<AgentIdentity> {
  const identity = await readIdentity(stateFolder);
  const { keyPem, certificatePem, spkiPin } = activeTls(identity, nowMs);
  const rotated: AgentIdentity = {
    ...identity,
    tls: { keyPem, certificatePem, spkiPin },
    next: { ...newTlsIdentity(certificateName()), activeAt },
  };
  await writeStateFile(join(stateFolder, IDENTITY_FILE), identitySchema, { version: 1, ...rotated });
  return rotated;
}

/** Different each time: TLS looks for an issuer by name, and a client has two of these during a rotation. */
function certificateName(): string {
  return `Halfspread agent ${randomBytes(6).toString('hex')}`;
}

function checkIdentity(path: string, file: IdentityFile): void {
  const problem = (field: string, cause?: unknown) =>
    stateFileError(path, `field ${field} does not fit the others`, cause);
  if (deviceIdOf(file.signingKey.publicKey) !== file.agentId) throw problem('agentId');
  if (publicKeyOf(file.signingKey.privateKey) !== file.signingKey.publicKey) throw problem('signingKey.privateKey');
  for (const [field, tls] of Object.entries({ tls: file.tls, next: file.next })) {
    if (tls && parseCertificate(tls.certificatePem).spkiPin !== tls.spkiPin) throw problem(`${field}.spkiPin`);
  }
}
