/** Fields of a request that hold secrets (engine/protocol/accounts.ts). */
const SECRET_FIELDS = new Set(['privateKey', 'primaryKey', 'signingPrivateKey', 'apiKey']);
/** Shorter values are no secrets, and their characters occur in every text. */
const SHORTEST_SECRET = 8;

/** `text` with every secret of the request struck out, with and without its 0x: a library's or a venue's words may quote one. */
export function withoutSecrets(text: string, request: unknown): string {
  return secretsOf(request)
    .flatMap((secret) => [secret, secret.replace(/^0x/i, '')])
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .reduce((left, secret) => left.replaceAll(new RegExp(secret.replaceAll(/\W/g, '\\$&'), 'gi'), '[secret]'), text);
}

function secretsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]: [string, unknown]) =>
    typeof field === 'string' ? (SECRET_FIELDS.has(name) ? [field] : []) : secretsOf(field),
  );
}
