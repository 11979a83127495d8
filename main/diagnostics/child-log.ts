import { z } from 'zod';
import type { Log, LogLevel } from './log.ts';

/** What children write on standard error: JSON records, or plain lines of Node and of libraries. */
const recordSchema = z.looseObject({
  level: z.enum(['debug', 'info', 'warn', 'error']).optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  audit: z.looseObject({ event: z.string() }).optional(),
});

const PEM_BEGIN = /-----BEGIN /;
const PEM_END = /-----END /;

/** Writes a child's output, line by line, into its own log. */
export function createChildLog(log: Log): (line: string) => void {
  /** A key of several lines is recognised by its first only. */
  let isInsidePem = false;
  return (line) => {
    const wasInside = isInsidePem;
    if (PEM_BEGIN.test(line)) isInsidePem = true;
    if (PEM_END.test(line)) isInsidePem = false;
    if (wasInside) return;
    log.write(recordOf(line));
  };
}

function recordOf(line: string): { level: LogLevel; message: string; detail?: unknown } {
  const parsed = recordSchema.safeParse(parseJson(line));
  if (!parsed.success) return { level: 'info', message: line };
  const { level = 'info', message, ...rest } = parsed.data;
  return {
    level,
    message: message ?? (rest.audit ? `audit: ${rest.audit.event}` : (rest.code ?? 'record')),
    ...(Object.keys(rest).length > 0 && { detail: rest }),
  };
}

function parseJson(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // A line of a library that looks like JSON and is none: kept as text.
    return undefined;
  }
}
