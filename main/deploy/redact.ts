import type { Saying } from '../ipc/site-schema.ts';

/** Longer lines are cut: a log is for reading. */
const MAX_LINE = 2_000;

/** What looks like a secret, wherever it comes from. The agent itself logs none; a log is shown and pasted, so it is looked at again. */
const SECRETS: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*PRIVATE KEY-----)?/g, '[private key]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[token]'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [redacted]'],
  [
    /("?\b(?:private_?key|secret|password|passphrase|api_?key|cookie|authorization|signature|sig|token)"?\s*[:=]\s*)("[^"]*"|[^\s,}]+)/gi,
    '$1[redacted]',
  ],
  [/\b0x[0-9a-fA-F]{60,}\b/g, '[hex]'],
  [/\b[0-9a-fA-F]{64,}\b/g, '[hex]'],
];

/** One line of a log, without what looks like a secret and without control characters. */
export function redactLine(line: string): string {
  let text = line.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ').slice(0, MAX_LINE);
  for (const [pattern, instead] of SECRETS) text = text.replace(pattern, instead);
  return text;
}

/** The same for the values of a sentence. */
export function redactSaying({ code, parameters }: Saying): Saying {
  if (parameters === undefined) return { code };
  const redacted = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' ? redactLine(value) : value,
  ]);
  return { code, parameters: Object.fromEntries(redacted) };
}
