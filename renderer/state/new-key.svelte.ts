/** The form of the dialog that adds a key: its fields, what is wrong with them, and the call they make. */
import {
  PUBLISHED_ENDPOINTS,
  type ParadexEndpoint,
  type VenueNetwork,
  type VestEndpoint,
} from '../../engine/protocol/endpoints.ts';
import type { IpcInput } from '../../main/ipc/schema.ts';
import { text } from '../i18n/locale.svelte.ts';
import {
  accountGroupOf,
  daysOf,
  ethereumAddressOf,
  labelOf,
  momentOf,
  pathOf,
  starkAddressOf,
  urlOf,
} from './key-fields.ts';

export const WAYS = ['make', 'register', 'paradex', 'vest', 'import'] as const;
export type Way = (typeof WAYS)[number];

export type NewKeyCall =
  | { name: 'keys.make'; input: IpcInput<'keys.make'> }
  | { name: 'keys.register'; input: IpcInput<'keys.register'> }
  | { name: 'keys.add'; input: IpcInput<'keys.add'> }
  | { name: 'keys.import'; input: IpcInput<'keys.import'> };

export class NewKeyForm {
  way = $state<Way>('make');
  network = $state<VenueNetwork>('production');
  paradexRest = $state('');
  paradexWs = $state('');
  vestRest = $state('');
  vestWs = $state('');
  contract = $state<string>(PUBLISHED_ENDPOINTS.production.vest.verifyingContract);
  /** As typed; undefined: the name the dialog suggests. */
  typedLabel = $state<string>();
  account = $state('');
  accountGroup = $state('0');
  expires = $state('');
  days = $state('7');
  path = $state('');

  readonly needsParadex = $derived(this.way !== 'register' && this.way !== 'vest');
  readonly needsVest = $derived(this.way !== 'make' && this.way !== 'paradex');

  get label(): string {
    return this.typedLabel ?? text(this.needsVest ? 'tradingKeys.label.vest' : 'tradingKeys.label.paradex');
  }

  set label(value: string) {
    this.typedLabel = value;
  }

  /** Undefined while a field is wrong. @param now Unix ms */
  call(now: number): NewKeyCall | undefined {
    const [paradex, vest] = [this.#paradexEndpoint(), this.#vestEndpoint()];
    if (this.way === 'import') {
      const path = pathOf(this.path);
      return paradex && vest && path && { name: 'keys.import', input: { paradex, vest, ...path } };
    }
    const label = labelOf(this.label);
    const account = this.needsVest ? ethereumAddressOf(this.account) : starkAddressOf(this.account);
    if (label === undefined || account === undefined) return undefined;
    switch (this.way) {
      case 'make':
        return paradex && { name: 'keys.make', input: { endpoint: paradex, label, account } };
      case 'paradex':
        return paradex && { name: 'keys.add', input: { venue: 'paradex', endpoint: paradex, label, account } };
      case 'register': {
        const days = daysOf(this.days);
        if (!vest || days === undefined) return undefined;
        return { name: 'keys.register', input: { endpoint: vest, label, account, days } };
      }
      case 'vest': {
        const accountGroup = accountGroupOf(this.accountGroup);
        const expiresAt = momentOf(this.expires, now);
        if (!vest || accountGroup === undefined || expiresAt === undefined) return undefined;
        const input = { venue: 'vest', endpoint: vest, label, account, accountGroup, expiresAt } as const;
        return { name: 'keys.add', input };
      }
    }
  }

  #paradexEndpoint(): ParadexEndpoint | undefined {
    if (this.network !== 'custom') return PUBLISHED_ENDPOINTS[this.network].paradex;
    const [restUrl, wsUrl] = [urlOf(this.paradexRest, HTTP), urlOf(this.paradexWs, WS)];
    return restUrl !== undefined && wsUrl !== undefined ? { network: 'custom', restUrl, wsUrl } : undefined;
  }

  #vestEndpoint(): VestEndpoint | undefined {
    if (this.network !== 'custom') return PUBLISHED_ENDPOINTS[this.network].vest;
    const [restUrl, wsUrl] = [urlOf(this.vestRest, HTTP), urlOf(this.vestWs, WS)];
    const verifyingContract = ethereumAddressOf(this.contract);
    if (restUrl === undefined || wsUrl === undefined || verifyingContract === undefined) return undefined;
    return { network: 'custom', restUrl, wsUrl, verifyingContract };
  }
}

export const HTTP = ['http:', 'https:'];
export const WS = ['ws:', 'wss:'];
