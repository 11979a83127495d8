import type { Finding, Saying } from '../ipc/site-schema.ts';
import { inEnglish } from '../text/saying.ts';

/** What is as it should be. */
export function fine(code: string, said: Saying): Finding {
  return { code, severity: 'ok', message: inEnglish([said]), remedy: '', said };
}

/**
 * What is not.
 * @param remedy in words of the window
 * @param command in words of the command line, where it names options of its own
 */
export function problem(
  severity: 'warn' | 'stop',
  code: string,
  said: Saying,
  remedy: Saying,
  command?: string,
): Finding {
  return {
    code,
    severity,
    message: inEnglish([said]),
    remedy: command ?? inEnglish([remedy]),
    said,
    saidRemedy: remedy,
  };
}
