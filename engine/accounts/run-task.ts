import type { Env } from '../env.ts';
import type { AccountsRequest, AccountsResult, AccountsTask } from '../protocol/accounts.ts';
import { testParadexKey } from './paradex-key-test.ts';
import { makeSubkey, revokeSubkey } from './paradex-subkeys.ts';
import { probeVenues } from './probe.ts';
import { VenueLine } from './venue-line.ts';
import { testVestKey } from './vest-key-test.ts';
import { registerVestKey } from './vest-register.ts';

/** For all requests of one task together; a probe has its own, shorter bound. */
const TASK_TIMEOUT_MS = 35_000;

export type AccountsEnv = Pick<Env, 'clock' | 'timers' | 'random' | 'network'>;

/** Carries one request out. Rejects with HalfspreadError. */
export function runAccountsTask<Task extends AccountsTask>(
  env: AccountsEnv,
  request: AccountsRequest & { task: Task },
): Promise<AccountsResult<Task>>;
export function runAccountsTask(env: AccountsEnv, request: AccountsRequest): Promise<AccountsResult<AccountsTask>> {
  const paradex = (): VenueLine => new VenueLine(env, 'Paradex', TASK_TIMEOUT_MS);
  const vest = (): VenueLine => new VenueLine(env, 'Vest', TASK_TIMEOUT_MS);
  switch (request.task) {
    case 'probe':
      return probeVenues(env, request.endpoints);
    case 'paradex.test':
      return testParadexKey(env, paradex(), request.endpoint, request.key);
    case 'vest.test':
      return testVestKey(env, vest(), request.endpoint, request.key);
    case 'paradex.makeSubkey':
      return makeSubkey(env, paradex(), request.endpoint, request.mainKey, request.name);
    case 'paradex.revokeSubkey':
      return revokeSubkey(env, paradex(), request.endpoint, request.mainKey, request.publicKey);
    case 'vest.register':
      return registerVestKey(env, vest(), request.endpoint, request.primaryKey, request.expiresAt);
  }
}
