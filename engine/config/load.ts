import { LineCounter, isMap, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { HalfspreadError } from '../core/errors.ts';
import type { Disk } from '../env.ts';
import { configSchema, type Config } from './schema.ts';

/** One thing wrong with a config file: where, which field, what. Lines and columns count from 1. */
export interface ConfigProblem {
  line: number;
  column: number;
  field: string;
  message: string;
}

/** HS_CONFIG_INVALID: carries every problem found, not only the first. */
export class ConfigError extends HalfspreadError {
  readonly problems: ConfigProblem[];
  constructor(path: string, problems: ConfigProblem[]) {
    const list = problems.map((p) => `  ${path}:${p.line}:${p.column} ${p.field}: ${p.message}`).join('\n');
    super(
      'HS_CONFIG_INVALID',
      `The config cannot be used (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):\n${list}`,
      'Mend the lines named above; nothing was started and no file was changed. `halfspread run --help` shows an example.',
    );
    this.problems = problems;
  }
}

/** Reads and checks a YAML config. @throws ConfigError, or HS_DISK when the file cannot be read. */
export async function loadConfig(disk: Disk, path: string): Promise<Config> {
  return parseConfig(await disk.readText(path), path);
}

/** Checks YAML text; `path` is only for messages. @throws ConfigError */
export function parseConfig(text: string, path: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ConfigError(
      path,
      document.errors.map((error) => {
        const place = lines.linePos(error.pos[0]);
        return { line: place.line, column: place.col, field: 'YAML', message: error.message.split('\n')[0]! };
      }),
    );
  }
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    path,
    parsed.error.issues.flatMap((issue) => problemsOf(issue, document, lines)),
  );
}

function problemsOf(issue: z.core.$ZodIssue, document: Document.Parsed, lines: LineCounter): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...placeOf([...issue.path, key], document, lines, true),
      field: fieldName([...issue.path, key]),
      message: 'is not a key Halfspread knows',
    }));
  }
  const given = document.getIn(issue.path);
  const message =
    issue.code === 'invalid_type' && given === undefined
      ? 'is missing'
      : issue.code === 'invalid_type'
        ? `must be a ${issue.expected}, not ${JSON.stringify(given) ?? String(given)}`
        : issue.code === 'invalid_value'
          ? `must be one of ${issue.values.map(String).join(', ')}, not ${JSON.stringify(given)}`
          : issue.message;
  return [{ ...placeOf(issue.path, document, lines, false), field: fieldName(issue.path), message }];
}

/** Place of the value (or key) at `path`; of the nearest parent when it does not exist. */
function placeOf(
  path: PropertyKey[],
  document: Document.Parsed,
  lines: LineCounter,
  ofKey: boolean,
): { line: number; column: number } {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : nodeAt(document, path.slice(0, length), ofKey);
    const range =
      node && typeof node === 'object' && 'range' in node ? (node.range as [number, number, number] | null) : null;
    if (range) {
      const place = lines.linePos(range[0]);
      return { line: place.line, column: place.col };
    }
  }
  return { line: 1, column: 1 };
}

function nodeAt(document: Document.Parsed, path: PropertyKey[], ofKey: boolean): unknown {
  if (!ofKey) return document.getIn(path, true);
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const key = path.at(-1);
  return isMap(parent) ? parent.items.find((pair) => String(pair.key) === key)?.key : undefined;
}

function fieldName(path: PropertyKey[]): string {
  return (
    path.reduce<string>(
      (name, part) => (typeof part === 'number' ? `${name}[${part}]` : name ? `${name}.${String(part)}` : String(part)),
      '',
    ) || '(file)'
  );
}
