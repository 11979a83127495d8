import { PUBLISHED_ENDPOINTS } from '../../engine/protocol/endpoints.ts';
import type { KeyRecord, KeysState, SecretPrompt } from '../../main/ipc/key-schema.ts';
import { SAMPLE_AT } from './snapshot.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const { paradex, vest } = PUBLISHED_ENDPOINTS.testnet;

const common = {
  createdAt: SAMPLE_AT - 3 * DAY_MS,
  storedIn: 'keychain',
  mayWithdraw: 'no',
  origin: 'madeHere',
  inUse: true,
} as const;

const records: [KeyRecord, KeyRecord, KeyRecord] = [
  {
    ...common,
    id: '00000000-0000-4000-8000-000000000001',
    venue: 'paradex',
    endpoint: paradex,
    label: 'Home desk',
    account: '0x01f6a2d0c3b7e9485a6c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4f5a6b7',
    publicKey: '0x04a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f',
    lastTest: { at: SAMPLE_AT - 3 * MINUTE_MS, roundTripMs: 212, accountValueUsd: '10412.66', signatureChecked: true },
  },
  {
    ...common,
    id: '00000000-0000-4000-8000-000000000002',
    venue: 'vest',
    endpoint: vest,
    label: 'Vest signing key',
    account: '0x71c7656ec7ab88b098defb751b7401b5f6d8976f',
    publicKey: '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
    mayWithdraw: 'yes',
    expiresAt: SAMPLE_AT + 4 * DAY_MS,
    lastTest: { at: SAMPLE_AT - 3 * MINUTE_MS, roundTripMs: 164, signatureChecked: false },
  },
  {
    ...common,
    id: '00000000-0000-4000-8000-000000000003',
    venue: 'paradex',
    endpoint: paradex,
    label: 'Paradex (.env)',
    account: '0x01f6a2d0c3b7e9485a6c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4f5a6b7',
    publicKey: '0x0712a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071',
    origin: 'imported',
    inUse: false,
    replacedAt: SAMPLE_AT - DAY_MS,
    lastTest: {
      at: SAMPLE_AT - DAY_MS,
      error: {
        code: 'HS_PARADEX_KEY_UNKNOWN',
        message:
          'The key 0x0712… is not, or no longer, a key of this Paradex account: it was revoked, or never registered.',
        remedy: 'Make a new subkey, or check that account address and key belong together and to this network.',
      },
    },
  },
];

/** One invented list: a pair in use, and a subkey that was replaced. */
export function sampleKeys(changes: Partial<KeysState> = {}): KeysState {
  return {
    storage: { kind: 'keychain', state: 'ready' },
    keys: records.map((record) => ({ record, presence: 'there' })),
    unlisted: 0,
    ...changes,
  };
}

export const refusedStorage: KeysState['storage'] = {
  kind: 'keychain',
  state: 'refused',
  error: {
    code: 'HS_KEYCHAIN_NONE',
    message: 'No keychain runs on this machine (there is no D-Bus session bus), so no key can be kept in it.',
    remedy: 'Start Halfspread inside a desktop session with a Secret Service.',
  },
};

export const lockedStorage: KeysState['storage'] = {
  kind: 'file',
  state: 'locked',
  path: '/home/nora/.config/halfspread/keys.sealed.json',
  error: {
    code: 'HS_KEYCHAIN_FILE_LOCKED',
    message: 'The file of encrypted keys is locked: its passphrase is kept nowhere and is asked for once per start.',
    remedy: 'Press Unlock and give the passphrase.',
  },
};

export function samplePrompt(ways: SecretPrompt['ways'], changes: Partial<SecretPrompt> = {}): SecretPrompt {
  return {
    id: '00000000-0000-4000-8000-000000000009',
    title: { en: 'Paradex main key (private key)', fr: 'Clé principale Paradex (clé privée)' },
    detail: {
      en: 'Of account 0x01f6a2d0c3b7e948, for api.testnet.paradex.trade. It is used for this one step and kept nowhere.',
      fr: 'Du compte 0x01f6a2d0c3b7e948, pour api.testnet.paradex.trade. Elle sert à cette seule étape et n’est gardée nulle part.',
    },
    kind: 'key',
    ways,
    until: Date.now() + 4 * MINUTE_MS,
    ...changes,
  };
}
