/**
 * Takes secrets and the person's name out of everything that leaves main: logs, diagnostics, support bundle. Rather one
 * word too many than one too few: what looks like a key is one.
 */

export interface RedactorOptions {
  /** Of this user: shown as `~`. */
  homeFolder: string;
}

/** Both are idempotent and take time in proportion to what they are given. */
export interface Redactor {
  text(text: string): string;
  /** A copy of plain data (JSON, errors, buffers); values under a secret's name go, strings are redacted as text. */
  value(value: unknown): unknown;
}

const SECRET = '[secret]';
const MAX_DEPTH = 24;

/** Names whose values are secret whatever they look like. */
const NAME =
  'secret|passw(?:or)?d|passphrase|mnemonic|seed|api[-_ ]?key|private[-_ ]?key|signing[-_ ]?key|secret[-_ ]?key|' +
  'access[-_ ]?key|master[-_ ]?key|token|cookie|authori[sz]ation|credential';
const SECRET_NAME = new RegExp(NAME, 'i');
const QUOTED = String.raw`(\\{0,15})(["'\u0060])[\s\S]*?(?:(?<!\\)\2\3|$)`;
/** name, optional quote, `:` or `=`, then a quoted text, a list, or the rest of the line (of the parameter after `=`). */
const NAMED = new RegExp(
  String.raw`((?:${NAME})[\w-]{0,40}(?:\\{0,15}["'\u0060])?\s{0,8}(?::|=>?|\bis\b)\s{0,8})` +
    String.raw`(?:${QUOTED}|\[[^\]]*(?:\]|$)|(?<==\s{0,8})[^\s&,;)}"']+|[^\r\n]+)`,
  'gi',
);
const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/gi;
const JWT = /\beyJ[\w-]{6,}(?:\.[\w-]+){1,4}/g;
const BEARER = /\b(bearer)\s+[^\s"'`,;\\]+/gi;
const URL_USER = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"']{1,200}@/gi;
/** Letters of hex, base64 and base64url; also as URLs and JSON write `+`, `/` and `=`. */
const RUN = /(?:[A-Za-z0-9+/_=-]|%2[BFbf]|%3[Dd]|\\\/){32,}/g;
const HEX_RUN = /(?:0x)?[0-9a-f]{32,}/gi;
const BYTES_DECIMAL = /(?:\b\d{1,3}\b[,\s]{1,8}){15,}\d{1,3}\b/g;
const BYTES_HEX = /(?:\b[0-9a-f]{2}\b[ :,]{1,3}){15,}[0-9a-f]{2}\b/gi;
const BYTES_INDEXED = /(?:\\{0,15}"?\d{1,3}\\{0,15}"?\s?:\s?\d{1,3},?\s{0,4}){16,}/g;
const USER_FOLDER = /((?:\/home\/|\/Users\/|\b[A-Z]:(?:\\+|\/)Users(?:\\+|\/)))[^/\\\s"'`:;,<>|]+/gi;

/** 32 bytes in base64. A shorter one is told by its name only. */
const SECRET_RUN_CHARS = 40;

export function createRedactor({ homeFolder }: RedactorOptions): Redactor {
  const home = homePattern(homeFolder);

  function text(input: string): string {
    const result = input
      .replace(PEM, '[pem]')
      .replace(JWT, '[jwt]')
      .replace(BEARER, `$1 ${SECRET}`)
      .replace(BYTES_INDEXED, '[bytes]')
      .replace(BYTES_DECIMAL, '[bytes]')
      .replace(BYTES_HEX, '[bytes]')
      .replace(RUN, redactRun)
      .replace(URL_USER, `$1${SECRET}@`)
      .replace(NAMED, (_whole, name: string, slashes: string | undefined, quote: string | undefined) =>
        quote === undefined ? `${name}${SECRET}` : `${name}${slashes}${quote}${SECRET}${slashes}${quote}`,
      );
    return (home ? result.replace(home, '~') : result).replace(USER_FOLDER, '$1[user]');
  }

  function value(input: unknown, depth: number): unknown {
    if (typeof input === 'string') return text(input);
    if (typeof input === 'bigint') return text(String(input));
    if (typeof input !== 'object' || input === null) return typeof input === 'function' ? undefined : input;
    if (depth > MAX_DEPTH) return '[too deep]';
    if (ArrayBuffer.isView(input) || input instanceof ArrayBuffer || isBytes(input)) return '[bytes]';
    if (input instanceof Date) return input.toISOString();
    if (input instanceof Error) return errorValue(input, depth);
    if (input instanceof Map) return value(Object.fromEntries(input), depth);
    if (Array.isArray(input) || input instanceof Set) return [...input].map((each) => value(each, depth + 1));
    return Object.fromEntries(
      Object.entries(input).map(([name, each]) => {
        const isFlag = typeof each === 'boolean' || each === null || each === undefined;
        return [text(name), SECRET_NAME.test(name) && !isFlag ? SECRET : value(each, depth + 1)];
      }),
    );
  }

  function errorValue(error: Error, depth: number): unknown {
    const { name, message, stack, cause } = error;
    const own = value({ ...error }, depth + 1) as Record<string, unknown>;
    return {
      ...own,
      name,
      message: text(message),
      ...(stack !== undefined && { stack: text(stack) }),
      ...(cause !== undefined && { cause: value(cause, depth + 1) }),
    };
  }

  return { text, value: (input) => value(input, 0) };
}

/** A list of bytes as JSON has it, long enough for a key. */
function isBytes(input: object): boolean {
  const list = Array.isArray(input)
    ? input
    : 'type' in input && input.type === 'Buffer' && 'data' in input && Array.isArray(input.data)
      ? input.data
      : Object.keys(input).every((key, at) => key === String(at))
        ? Object.values(input)
        : [];
  return list.length >= 16 && list.every((each) => Number.isInteger(each) && each >= 0 && each <= 255);
}

function redactRun(run: string): string {
  const withoutHex = run.replace(HEX_RUN, (hex) => `[hex ${hex.length}]`);
  if (withoutHex.length < SECRET_RUN_CHARS || isWords(withoutHex)) return withoutHex;
  return SECRET;
}

/** Paths, identifiers, dashed names, lines: made of words or of pieces too short to matter. Random text is not. */
function isWords(run: string): boolean {
  return run
    .split(/[/+_=\\-]|%2[BF]|%3D|\[hex \d+\]/i)
    .every(
      (piece) =>
        piece.length <= 6 ||
        /^[0-9a-f]{1,16}$/.test(piece) ||
        /^[A-Za-z]?[a-z]{0,30}(?:[A-Z][a-z]{1,30})*\d{0,4}$/.test(piece) ||
        /^[A-Z]{1,24}$/.test(piece),
    );
}

function homePattern(homeFolder: string): RegExp | undefined {
  if (homeFolder.length < 3) return undefined;
  const escaped = (path: string) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const forms = new Set([homeFolder, JSON.stringify(homeFolder).slice(1, -1), encodeURI(homeFolder)]);
  return new RegExp(`(?:${[...forms].map(escaped).join('|')})(?![\\w.-])`, 'g');
}
