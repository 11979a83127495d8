/** A value the venue writes as JSON; `bigint` becomes a plain number beyond 2^53 (sequence numbers in nanoseconds). */
export type WireValue =
  string | number | boolean | null | bigint | readonly WireValue[] | { readonly [key: string]: WireValue | undefined };

/** JSON text with keys in the order given; undefined members are left out. */
export function wireJson(value: WireValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(wireJson).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${wireJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function isList(value: object): value is readonly WireValue[] {
  return Array.isArray(value);
}
