import { createHash } from 'node:crypto';

/** A server's public host key. */
export interface HostKey {
  /** "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa". */
  type: string;
  /** The key itself, base64. */
  key: string;
  /** "SHA256:..." as ssh-keygen -l prints it. */
  fingerprint: string;
}

const TYPE = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521))$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** @returns undefined for a type or text that is no host key of ours */
export function hostKey(type: string, key: string): HostKey | undefined {
  if (!TYPE.test(type) || !BASE64.test(key)) return undefined;
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return { type, key, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` };
}

/** Host keys in lines of known_hosts or of ssh-keyscan: "name type key [comment]". Comments and other types are passed over. */
export function parseHostKeyLines(text: string): { name: string; key: HostKey }[] {
  return text.split('\n').flatMap((line) => {
    const [name, type, key] = line.trim().split(/\s+/);
    if (name === undefined || name.startsWith('#') || name.startsWith('@')) return [];
    const found = type !== undefined && key !== undefined ? hostKey(type, key) : undefined;
    return found ? [{ name, key: found }] : [];
  });
}

/** Whether `text` can be a fingerprint: "SHA256:" and 43 characters of base64. */
export function isFingerprint(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(text);
}

export type HostKeyDecision =
  /** `key` is the one that was expected or known. `isNew`: not in known_hosts yet. */
  | { verdict: 'verified'; key: HostKey; isNew: boolean }
  /** Nothing to compare with: a person must. `key` is the one to show first. */
  | { verdict: 'ask'; key: HostKey }
  /** Not what was expected; `instead` is what the server shows. */
  | { verdict: 'mismatch'; instead: HostKey[] }
  /** Another key than last time. */
  | { verdict: 'changed'; known: HostKey[]; instead: HostKey[] };

/**
 * What a server's keys are worth. An expected fingerprint decides alone, also against what is known: whoever gives one has
 * read it where they trust it.
 * @param shown keys the server shows, at least one
 * @param known keys verified earlier
 * @param expected fingerprints from the operator or the provider's API
 */
export function decideHostKey(shown: HostKey[], known: HostKey[], expected: string[]): HostKeyDecision {
  const isKnown = (key: HostKey) => known.some((other) => other.fingerprint === key.fingerprint);
  if (expected.length > 0) {
    const key = shown.find(({ fingerprint }) => expected.includes(fingerprint));
    return key ? { verdict: 'verified', key, isNew: !isKnown(key) } : { verdict: 'mismatch', instead: shown };
  }
  if (known.length > 0) {
    const key = shown.find(isKnown);
    return key ? { verdict: 'verified', key, isNew: false } : { verdict: 'changed', known, instead: shown };
  }
  const key = shown.find(({ type }) => type === 'ssh-ed25519') ?? shown[0]!;
  return { verdict: 'ask', key };
}
