/** Access to clouds as people paste it: read, kept in one text, and turned into a provider. No message quotes what was typed. */
import { z } from 'zod';
import { HalfspreadError, type WireError } from '../../../engine/protocol/errors.ts';
import type { ProviderId } from '../../ipc/cloud-schema.ts';
import { createHetzner } from '../providers/hetzner.ts';
import { createLightsail } from '../providers/lightsail.ts';
import type { CloudProvider } from '../providers/provider.ts';

export const PROVIDER_TITLES: Record<ProviderId, string> = { lightsail: 'Lightsail', hetzner: 'Hetzner' };

/** Under which name a provider's access is in the store. */
export const accessName = (provider: ProviderId): string => `cloud.${provider}`;

const lightsailSchema = z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** What was typed in the form it is kept in, or what is wrong with it. */
export function readAccess(provider: ProviderId, typed: string): { secret: string } | { refused: WireError } {
  return provider === 'hetzner' ? readHetznerToken(typed.trim()) : readAwsKey(typed);
}

function readHetznerToken(token: string): { secret: string } | { refused: WireError } {
  if (/^[A-Za-z0-9]{32,256}$/.test(token)) return { secret: token };
  return refused(
    'A Hetzner token is one word of 64 letters and digits; this is something else.',
    'In the Hetzner console: the project, Security, API tokens; make one that may read and write, and copy it whole.',
  );
}

/** Access key ID and secret in any order and with anything between, as on a line of the CSV that AWS hands out. */
function readAwsKey(typed: string): { secret: string } | { refused: WireError } {
  const words = typed.split(/[\s,;:"']+/);
  const accessKeyId = words.find((word) => /^AKIA[A-Z0-9]{12,28}$/.test(word));
  const secretAccessKey = words.find((word) => /^[A-Za-z0-9/+]{40}$/.test(word));
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { secret: JSON.stringify({ accessKeyId, secretAccessKey }) };
  }
  if (words.some((word) => /^ASIA[A-Z0-9]{12,28}$/.test(word))) {
    return refused(
      'This is a temporary AWS key (ASIA...): it would end in the middle of a deploy.',
      'Make a lasting access key of an IAM user that may use Lightsail only.',
    );
  }
  return refused(
    'Two words are needed: the access key ID (AKIA...) and its secret of 40 characters.',
    'Give both in one line, with a space between; the line of the CSV file from AWS will do.',
  );
}

function refused(message: string, remedy: string): { refused: WireError } {
  return { refused: { code: 'HS_CLOUD_TOKEN_FORM', message, remedy } };
}

/** How a provider is made of what is kept; tests lead it to their own servers. */
export type OpenProvider = (provider: ProviderId, secret: string) => CloudProvider;

/** @throws HalfspreadError HS_CLOUD_TOKEN_DAMAGED */
export const openProvider: OpenProvider = (provider, secret) =>
  provider === 'hetzner' ? createHetzner({ token: secret }) : createLightsail(awsKeyOf(secret));

/** @throws HalfspreadError HS_CLOUD_TOKEN_DAMAGED */
export function awsKeyOf(secret: string): z.infer<typeof lightsailSchema> {
  try {
    return lightsailSchema.parse(JSON.parse(secret));
  } catch {
    // No cause: it could quote the secret.
    throw new HalfspreadError(
      'HS_CLOUD_TOKEN_DAMAGED',
      'The access to Lightsail in the secret store was changed by something else and cannot be used.',
      'Hand it over again.',
    );
  }
}

export function noAccess(provider: ProviderId): HalfspreadError {
  return new HalfspreadError(
    'HS_CLOUD_NO_TOKEN',
    `Halfspread has no access to ${PROVIDER_TITLES[provider]} yet; nothing was asked there.`,
    'Hand over a token first.',
  );
}
