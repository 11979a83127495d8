import { homedir, userInfo } from 'node:os';
import { z } from 'zod';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { deployRequestSchema, siteNameSchema, type DeployRequest } from '../ipc/site-schema.ts';
import { checkHost, checkPort, checkUser, parseJump, type SshTarget } from './ssh/target.ts';

/** Where a system service is put. */
export const SYSTEM_PREFIX = '/opt/halfspread';

/** Folders a prefix may not be: they belong to everybody. */
const SHARED_FOLDERS = new Set(
  '/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/local /var /var/lib /var/tmp'.split(
    ' ',
  ),
);

/**
 * The request with everything checked that can be checked without the network.
 * @throws HalfspreadError HS_DEPLOY_NAME, _HOST, _USER, _PORT, _JUMP, _PREFIX, _FINGERPRINT
 */
export function checkRequest(input: unknown): DeployRequest {
  const parsed = deployRequestSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path[0];
    if (field === 'name') throw badName(z.looseObject({ name: z.string() }).safeParse(input).data?.name ?? '');
    throw new HalfspreadError(
      field === 'fingerprints' ? 'HS_DEPLOY_FINGERPRINT' : 'HS_DEPLOY_REQUEST',
      `${String(field ?? 'The request')} is not valid: ${issue?.message ?? 'unknown field'}; nothing was contacted.`,
      field === 'fingerprints'
        ? 'A fingerprint looks like SHA256: and 43 characters, as ssh-keygen -lf prints it.'
        : 'Correct the value and try again.',
    );
  }
  const request = parsed.data;
  targetOf(request);
  if (request.prefix !== undefined) checkPrefix(request.prefix);
  return request;
}

/** @throws HalfspreadError HS_DEPLOY_NAME */
export function checkSiteName(name: string): string {
  if (siteNameSchema.safeParse(name).success) return name;
  throw badName(name);
}

/** A name made of a host, for when the operator gives none. */
export function suggestedName(host: string): string {
  const name = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name.slice(0, 31).replace(/-+$/, '') || 'server';
}

/** Where to log in. @throws HalfspreadError HS_DEPLOY_HOST, _USER, _PORT, _JUMP, _IDENTITY */
export function targetOf(request: Pick<DeployRequest, 'host' | 'port' | 'user' | 'jump' | 'identityFile'>): SshTarget {
  const user = checkUser(request.user);
  return {
    host: checkHost(request.host),
    port: checkPort(request.port),
    user,
    jump: request.jump === undefined ? [] : parseJump(request.jump, user),
    identityFile: request.identityFile === undefined ? undefined : absolutePath(request.identityFile),
  };
}

/**
 * A folder for a site: absolute, plain characters (it stands in unit files and scripts), short (sockets below it), and not one
 * that belongs to everybody, because an uninstall removes it.
 * @throws HalfspreadError HS_DEPLOY_PREFIX
 */
export function checkPrefix(prefix: string): string {
  const plain = /^(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/.test(prefix) && prefix.length <= 64;
  if (plain && !SHARED_FOLDERS.has(prefix)) return prefix;
  throw new HalfspreadError(
    'HS_DEPLOY_PREFIX',
    `${JSON.stringify(prefix)} cannot be the folder of a site; nothing was contacted.`,
    'Give an absolute path of its own such as /home/you/halfspread: letters, digits, ".", "_", "-", at most 64 long, not a folder of the system.',
  );
}

function absolutePath(path: string): string {
  const expanded = path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path;
  if (/^(\/|[A-Za-z]:[\\/])/.test(expanded)) return expanded;
  throw new HalfspreadError(
    'HS_DEPLOY_IDENTITY',
    `The key file ${JSON.stringify(path)} is not an absolute path; nothing was contacted.`,
    `Write it in full, for example ${homedir()}/.ssh/id_ed25519 (you are ${userInfo().username}).`,
  );
}

function badName(name: string): HalfspreadError {
  return new HalfspreadError(
    'HS_DEPLOY_NAME',
    `${JSON.stringify(name)} cannot be a site’s name; nothing was contacted.`,
    'Use small letters, digits and "-", at most 31, beginning with a letter or digit.',
  );
}
