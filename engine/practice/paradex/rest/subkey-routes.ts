import { refusal, type SigningKey } from '../exchange/state.ts';
import { normalizeHex, SYSTEM_CONFIG } from '../system-config.ts';
import type { WireValue } from '../wire-json.ts';
import { bodyObject, privateRoute, type PrivateCall, type Route } from './call.ts';

/** Trading keys of an account. A key that is deleted here can neither log in nor sign an order any more. */
export const SUBKEY_ROUTES: Route[] = [
  privateRoute('GET', '/account/keys/subkeys', (call) => {
    if (!mayList(call)) return;
    const keys = call.venue.account(call.grant.account).keys.filter(({ kind }) => kind === 'subkey');
    call.reply(200, { results: keys.map(subkeyView) });
  }),
  privateRoute('POST', '/account/keys/subkeys', addSubkey),
  privateRoute('GET', '/account/keys/subkeys/:public_key', (call) => {
    if (!mayList(call)) return;
    withSubkey(call, (key) => call.reply(200, subkeyView(key)));
  }),
  privateRoute('DELETE', '/account/keys/subkeys/:public_key', (call) => {
    withSubkey(call, ({ publicKey }) => {
      if (!isMainKey(call)) return;
      call.venue.apply({ kind: 'key.remove', account: call.grant.account, publicKey });
      call.venue.tokens.revokeKey(publicKey);
      call.reply(204, undefined);
    });
  }),
];

function subkeyView(key: SigningKey): WireValue {
  return { name: key.name, public_key: key.publicKey, state: key.state, created_at: key.createdAtMs };
}

function withSubkey(call: PrivateCall, run: (key: SigningKey) => void): void {
  const wanted = normalizeHex(call.path.public_key);
  const keys = call.venue.account(call.grant.account).keys;
  const key = keys.find(({ kind, publicKey }) => kind === 'subkey' && publicKey === wanted);
  if (key === undefined) call.refuse(refusal('NOT_FOUND', 'subkey not found', 404));
  else run(key);
}

function mayList(call: PrivateCall): boolean {
  return call.venue.state.switches.subkeysListedTo === 'anyKey' || isMainKey(call);
}

/** Subkeys trade only: they cannot manage keys. Refuses the call when its token came from one. */
function isMainKey(call: PrivateCall): boolean {
  const key = call.venue.account(call.grant.account).keys.find(({ publicKey }) => publicKey === call.grant.publicKey);
  if (key?.kind === 'main') return true;
  call.refuse(refusal('REQUEST_NOT_ALLOWED', 'only the main key may manage keys', 403));
  return false;
}

/** The main key's consent is checked when it is given; the venue's documentation leaves open whether it must be. */
function addSubkey(call: PrivateCall): void {
  if (!isMainKey(call)) return;
  const { venue, grant } = call;
  const body = bodyObject(call.request);
  const name = body?.name;
  const publicKey = typeof body?.public_key === 'string' ? normalizeHex(body.public_key) : undefined;
  if (typeof name !== 'string' || publicKey === undefined) {
    call.refuse(refusal('VALIDATION_ERROR', 'name and public_key are required'));
    return;
  }
  const state = body?.state ?? 'active';
  if (state !== 'active' && state !== 'pending') {
    call.refuse(refusal('VALIDATION_ERROR', 'state must be active or pending'));
    return;
  }
  const register = (): void => {
    venue.apply({ kind: 'key.add', account: grant.account, publicKey, name, state });
    call.reply(200, undefined);
  };
  const { signature, signature_timestamp: timestampS, signature_expiry: expiryS } = body ?? {};
  if (signature === undefined) {
    register();
    return;
  }
  if (typeof signature !== 'string' || typeof timestampS !== 'number' || typeof expiryS !== 'number') {
    call.refuse(refusal('VALIDATION_ERROR', 'signature needs signature_timestamp and signature_expiry'));
    return;
  }
  const request = {
    message: { kind: 'subkey' as const, publicKey, timestampS, expiryS },
    accountAddress: grant.account,
    starknetChainId: SYSTEM_CONFIG.starknet_chain_id,
    signature,
    publicKeys: [grant.publicKey],
  };
  venue.verifier.verify(request, (result) => {
    if (result !== undefined) register();
    else call.refuse(refusal('STARKNET_SIGNATURE_VERIFICATION_FAILED', 'signature verification failed', 401));
  });
}
