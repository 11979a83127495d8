import type { z } from 'zod';
import { HalfspreadError } from '../core/errors.ts';
import { accountsRequestSchema, type AccountsRequest } from '../protocol/accounts.ts';
import { paradexKeyFormat, vestKeyFormat } from './key-format.ts';

/**
 * Checks a request. Nothing of its values goes into the errors.
 * @throws HalfspreadError HS_PARADEX_KEY_FORMAT, HS_VEST_KEY_FORMAT, HS_ACCOUNTS_REQUEST
 */
export function readRequest(value: unknown): AccountsRequest {
  const parsed = accountsRequestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refused(parsed.error, value);
}

/** The program was started by hand. */
export function requestFromNobody(): HalfspreadError {
  return new HalfspreadError(
    'HS_ACCOUNTS_REQUEST',
    'This program got no request from the program that started it.',
    'It is started by Halfspread itself. To see what the venues answer, use `halfspread probe`.',
  );
}

function refused(error: z.ZodError, value: unknown): HalfspreadError {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  if (/^(key|mainKey)\b/.test(field) || field === 'primaryKey') {
    const task = typeof value === 'object' && value !== null && 'task' in value ? String(value.task) : '';
    const problem = `${field.split('.').at(-1)}: ${issue?.message}`;
    return task.startsWith('vest.') ? vestKeyFormat(problem) : paradexKeyFormat(problem);
  }
  return new HalfspreadError(
    'HS_ACCOUNTS_REQUEST',
    `The request about venue accounts is not valid (${field || 'request'}: ${issue?.message ?? 'unknown'}).`,
    'Correct the address or the field; if you did not enter it yourself, report this as a fault of Halfspread.',
  );
}
