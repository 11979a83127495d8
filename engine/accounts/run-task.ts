import { HalfspreadError } from '../core/errors.ts';
import type { Env } from '../env.ts';
import type { AccountsRequest, AccountsResult, AccountsTask } from '../protocol/accounts.ts';

/** Carries one request out. Rejects with HalfspreadError. */
export function runAccountsTask(_env: Env, request: AccountsRequest): Promise<AccountsResult<AccountsTask>> {
  return Promise.reject(
    new HalfspreadError('HS_ACCOUNTS_TASK', `The task ${request.task} is not built yet.`, 'Wait for the next build.'),
  );
}
