/** The secrets operations ask for, in words. Each resolves with the secret in its usual form. */
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import type { ParadexEndpoint, VestEndpoint } from '../../../engine/protocol/endpoints.ts';
import { textInAllLanguages } from '../../text/words.ts';
import { cancelled } from '../cancelled.ts';
import { readApiKey, readEthereumKey, readStarkKey, type ReadSecret } from '../key-formats.ts';
import type { KeyWork } from './key-work.ts';

type Asked = 'paradexKey' | 'paradexMainKey' | 'vestSigningKey' | 'vestApiKey' | 'vestPrimaryKey';

const readers: Record<Asked, (typed: string) => ReadSecret> = {
  paradexKey: readStarkKey,
  paradexMainKey: readStarkKey,
  vestSigningKey: readEthereumKey,
  vestApiKey: readApiKey,
  vestPrimaryKey: readEthereumKey,
};

/**
 * @param account for the person to see whose key it is
 * @throws HalfspreadError HS_KEY_CANCELLED, HS_SECRET_BUSY, HS_SECRET_TIME
 */
export async function askKey(
  work: KeyWork,
  asked: Asked,
  endpoint: ParadexEndpoint | VestEndpoint,
  account: string,
): Promise<string> {
  work.step('asking');
  const { host } = new URL(endpoint.restUrl);
  const secret = await work.askSecret({
    title: textInAllLanguages(`tradingKeys.ask.${asked}`),
    detail: textInAllLanguages(`tradingKeys.ask.${asked}.detail`, { account, host }),
    kind: 'key',
    read: readers[asked],
    signal: work.signal,
  });
  if (secret === undefined) throw cancelled();
  return secret;
}

/** A key wider than trading needs was given where a trading key belongs. */
export function tooWide(): HalfspreadError {
  return new HalfspreadError(
    'HS_KEY_WIDE',
    'This is the main key of the account: it can withdraw. Halfspread keeps no such key, and did not keep this one.',
    'Make a subkey from it here ("Make a subkey"): that asks for the main key once and keeps only the subkey.',
  );
}
