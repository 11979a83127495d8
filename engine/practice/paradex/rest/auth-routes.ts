import { refusal, type AccountState, type SigningKey } from '../exchange/state.ts';
import type { SignedMessage } from '../signatures/message-hash.ts';
import { addressOfEthAddress, addressOfPublicKey, normalizeHex, SYSTEM_CONFIG } from '../system-config.ts';
import type { WireValue } from '../wire-json.ts';
import { bodyObject, publicRoute, type RestCall, type Route } from './call.ts';

/** A signed login may be valid for at most one week. */
const MAX_SIGNATURE_LIFE_S = 7 * 24 * 3600;

/** Onboarding and login: the two things that are proved by a signature in headers instead of a token. */
export const AUTH_ROUTES: Route[] = [
  publicRoute('GET', '/onboarding', describeAccount),
  publicRoute('POST', '/onboarding', onboard),
  publicRoute('POST', '/auth', (call) => logIn(call, undefined)),
  publicRoute('POST', '/auth/:public_key', (call) => logIn(call, call.path.public_key)),
];

function describeAccount(call: RestCall): void {
  const signerType = call.query.get('account_signer_type') ?? 'starknet';
  const isStark = signerType === 'starknet';
  const owner = normalizeHex(call.query.get(isStark ? 'public_key' : 'eth_address') ?? undefined);
  if ((!isStark && signerType !== 'eip191') || owner === undefined) {
    call.refuse(refusal('INVALID_REQUEST_PARAMETER', 'account_signer_type and its key are required'));
    return;
  }
  const address = isStark ? addressOfPublicKey(owner) : addressOfEthAddress(owner);
  call.reply(200, {
    address,
    exists: call.venue.state.accounts.has(address),
    account_signer_type: signerType,
    derivation_info: {
      class_hash: isStark ? SYSTEM_CONFIG.paraclear_account_hash : SYSTEM_CONFIG.paraclear_evm_account_hash,
      proxy_class_hash: isStark ? SYSTEM_CONFIG.paraclear_account_proxy_hash : '',
    },
  });
}

function onboard(call: RestCall): void {
  const { headers } = call.request;
  const address = normalizeHex(headers['paradex-starknet-account']);
  const publicKeyText = bodyObject(call.request)?.public_key;
  const publicKey = typeof publicKeyText === 'string' ? normalizeHex(publicKeyText) : undefined;
  if (publicKey === undefined) {
    call.refuse(refusal('PUBLIC_KEY_INVALID', 'public_key is required'));
    return;
  }
  if (address === undefined || address !== addressOfPublicKey(publicKey)) {
    call.refuse(refusal('INVALID_STARKNET_ADDRESS', 'account does not belong to public_key'));
    return;
  }
  const ethAddress = headers['paradex-ethereum-account'] ?? '';
  whenSigned(call, { kind: 'onboarding' }, address, [publicKey], () => {
    call.venue.apply({ kind: 'account.open', address, ethAddress, publicKey });
    call.reply(200, undefined);
  });
}

/** @param publicKeyText key named in the path; undefined = the account's main key. */
function logIn(call: RestCall, publicKeyText: string | undefined): void {
  const { venue, request } = call;
  const address = normalizeHex(request.headers['paradex-starknet-account']);
  if (address === undefined) {
    call.refuse(refusal('INVALID_STARKNET_ADDRESS', 'PARADEX-STARKNET-ACCOUNT is required'));
    return;
  }
  const account = venue.state.accounts.get(address);
  if (account === undefined) {
    call.refuse(refusal('NOT_ONBOARDED', 'User has never called /onboarding endpoint'));
    return;
  }
  const key = keyFor(account, publicKeyText);
  if (key === undefined) {
    const { unknownKeyError } = venue.state.switches;
    call.refuse(refusal(unknownKeyError, 'public key is not registered on this account', 401));
    return;
  }
  if (key.state === 'pending' && !venue.state.switches.pendingSubkeyLogsIn) {
    call.refuse(refusal('INVALID_SUBKEY', 'subkey is not active', 401));
    return;
  }
  const timestampS = seconds(request.headers['paradex-timestamp']);
  const expirationS = seconds(request.headers['paradex-signature-expiration']);
  const nowS = venue.nowS();
  const toleranceS = venue.state.switches.futureTimestampToleranceMs / 1000;
  if (timestampS === undefined || timestampS > nowS + toleranceS) {
    call.refuse(refusal('INVALID_TIMESTAMP', 'PARADEX-TIMESTAMP is missing or in the future'));
    return;
  }
  if (expirationS === undefined || expirationS <= nowS || expirationS - timestampS > MAX_SIGNATURE_LIFE_S) {
    call.refuse(refusal('INVALID_SIGNATURE_EXPIRATION', 'signature has expired or is valid for too long'));
    return;
  }
  const orderClass = call.query.get('token_usage') === 'interactive' ? 'retail' : 'pro';
  whenSigned(call, { kind: 'auth', timestampS, expirationS }, address, [key.publicKey], (publicKey) => {
    const token = venue.tokens.issue({ account: address, publicKey, orderClass }, venue.nowS());
    call.reply(200, { jwt_token: token } satisfies WireValue);
  });
}

function keyFor(account: AccountState, publicKeyText: string | undefined): SigningKey | undefined {
  if (publicKeyText === undefined) return account.keys.find(({ kind }) => kind === 'main');
  return account.keys.find(({ publicKey }) => publicKey === normalizeHex(publicKeyText));
}

function whenSigned(
  call: RestCall,
  message: SignedMessage,
  accountAddress: string,
  publicKeys: string[],
  run: (publicKey: string) => void,
): void {
  const signature = call.request.headers['paradex-starknet-signature'] ?? '';
  const { starknet_chain_id: starknetChainId } = SYSTEM_CONFIG;
  call.venue.verifier.verify({ message, accountAddress, starknetChainId, signature, publicKeys }, (result) => {
    if (result !== undefined) run(result.publicKey);
    else call.refuse(refusal('STARKNET_SIGNATURE_VERIFICATION_FAILED', 'signature verification failed', 401));
  });
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
