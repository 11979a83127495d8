import { readFileSync } from 'node:fs';
import { ethSigToPrivate } from '@scure/starknet';
import { Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';
import { createPracticeParadexAccounts, grindKey } from './accounts.ts';
import { addressOfEthAddress, addressOfPublicKey } from './system-config.ts';

interface KeyVector {
  eth_signature: string;
  l2_private_key: string;
  l2_public_key: string;
  account_address: string;
}
const vectors = JSON.parse(
  readFileSync(new URL('../../venues/paradex/vectors/vectors.json', import.meta.url), 'utf8'),
) as {
  keys: KeyVector[];
  keys_r_leading_zero: KeyVector[];
  evm_accounts: { eth_address: string; account_address: string }[];
};

describe('practice accounts', () => {
  it('grinds keys and derives addresses as in the published vectors, also when r begins with a zero byte', () => {
    for (const { eth_signature: signature, l2_private_key: key } of [...vectors.keys, ...vectors.keys_r_leading_zero]) {
      expect(grindKey(Buffer.from(signature.slice(2, 66), 'hex'))).toBe(BigInt(key));
    }
    for (const key of vectors.keys) expect(addressOfPublicKey(key.l2_public_key)).toBe(key.account_address);
    for (const evm of vectors.evm_accounts) expect(addressOfEthAddress(evm.eth_address)).toBe(evm.account_address);
  });

  it('gives the key that the wallet signature yields in a third-party library', async () => {
    const [account] = createPracticeParadexAccounts(1, 7);
    const signature = await new Wallet(account!.ethPrivateKey).signTypedData(
      { name: 'Paradex', version: '1', chainId: 11155111 },
      { Constant: [{ name: 'action', type: 'string' }] },
      { action: 'STARK Key' },
    );
    expect(BigInt(account!.l2PrivateKey)).toBe(BigInt(`0x${ethSigToPrivate(signature)}`));
  });

  it('repeats for the same seed and differs between accounts and seeds', () => {
    const accounts = createPracticeParadexAccounts(2, 7);
    expect(createPracticeParadexAccounts(2, 7)).toEqual(accounts);
    const addresses = [...accounts, ...createPracticeParadexAccounts(1, 8)].map(({ address }) => address);
    expect(new Set(addresses).size).toBe(3);
  });
});
