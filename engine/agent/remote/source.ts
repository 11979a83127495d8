import { isIPv4, isIPv6 } from 'node:net';

/**
 * The party limits and penalties count by: an IPv4 address, or the /64 of an IPv6 address, because whoever has one
 * address of a /64 has all of them. Undefined for what is no address.
 */
export function sourceOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const plain = address.replace(/%.*$/, '').toLowerCase();
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  if (mapped) return mapped[1];
  const [head = '', tail] = plain.split('::');
  const first = head === '' ? [] : head.split(':');
  const groups =
    tail === undefined
      ? first
      : [...first, ...Array<string>(Math.max(0, 8 - first.length - groupsIn(tail))).fill('0'), ...tail.split(':')];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':')}::/64`;
}

function groupsIn(part: string): number {
  return part === '' ? 0 : part.split(':').reduce((count, group) => count + (group.includes('.') ? 2 : 1), 0);
}
