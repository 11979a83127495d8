import { z } from 'zod';
import { HalfspreadError, NetworkError } from '../../core/errors.ts';
import type { HttpRequest, HttpResponse, Network } from '../../env.ts';
import { accountInfoSchema, accountSchema, fillSchema, keyOwnerSchema, marketSchema, orderSchema } from './wire.ts';
import { pageSchema, positionSchema, subkeySchema } from './wire.ts';
import { authAnswerSchema, restErrorSchema, systemConfigSchema, systemStateSchema, systemTimeSchema } from './wire.ts';
import type { Account, Fill, KeyOwner, Market, Order, Position, Subkey, SubkeyBody } from './wire.ts';
import type { SystemConfig, SystemState } from './wire.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;
/** A hundred thousand fills: a bound on the loop, not on the account. */
const MAX_PAGES = 1_000;

/** Paradex answered, and said no. `venueCode` is the contract, never the text. */
export class ParadexRestError extends HalfspreadError {
  override readonly name = 'ParadexRestError';
  readonly venueCode: string;
  readonly status: number;
  constructor(what: string, status: number, venueCode: string, text: string) {
    super(
      'HS_PARADEX_REFUSED',
      `Paradex refused ${what}: ${venueCode}${text ? ` (${text})` : ''}.`,
      'Check the account, its key and the Paradex status page.',
    );
    this.venueCode = venueCode;
    this.status = status;
  }
}

export interface LoginHeaders {
  accountAddress: string;
  /** `["r","s"]` over the login request. */
  signature: string;
  timestampS: number;
  expirationS: number;
}

/** Public: chain ids and class hashes, which the signer and key derivation need. `restUrl` ends in /v1. */
export function fetchSystemConfig(network: Network, restUrl: string): Promise<SystemConfig> {
  return ask(network, { url: `${restUrl}/system/config` }, 'its configuration', systemConfigSchema);
}

/** Public: the account whose main key this is, and whether it was ever opened here. */
export function fetchKeyOwner(network: Network, restUrl: string, publicKey: string): Promise<KeyOwner> {
  const search = new URLSearchParams({ account_signer_type: 'starknet', public_key: publicKey });
  return ask(network, { url: `${restUrl}/onboarding?${search}` }, 'the account of a key', keyOwnerSchema);
}

/** Public: whether the venue takes orders (releases pass through cancel_only and post_only). */
export function fetchSystemState(network: Network, restUrl: string): Promise<SystemState> {
  return ask(network, { url: `${restUrl}/system/state` }, 'its state', systemStateSchema);
}

/** The REST calls the client makes. Every method rejects with NetworkError when Paradex could not be asked: that says nothing. */
export class ParadexRest {
  private readonly network: Network;
  private readonly restUrl: string;
  private token: string | undefined;
  /** Gets a fresh token; set by the session, called once per request that was refused for its token. */
  renewToken: (() => Promise<void>) | undefined;

  constructor(network: Network, restUrl: string) {
    this.network = network;
    this.restUrl = restUrl;
  }

  /** Venue's time, ms since the epoch. */
  async systemTimeMs(): Promise<number> {
    const request = { url: `${this.restUrl}/system/time` };
    return Number((await ask(this.network, request, 'its time', systemTimeSchema)).server_time);
  }

  markets(): Promise<Market[]> {
    const schema = pageSchema(marketSchema);
    return ask(this.network, { url: `${this.restUrl}/markets` }, 'its markets', schema).then((page) => page.results);
  }

  /** Logs in and keeps the token (valid for 300 s). Retail orders come from a token of `interactive` usage. */
  async login(headers: LoginHeaders, options: { interactive: boolean; publicKey?: string }): Promise<string> {
    const path = options.publicKey ? `/auth/${options.publicKey}` : '/auth';
    const url = `${this.restUrl}${path}${options.interactive ? '?token_usage=interactive' : ''}`;
    const response = await this.network.request({
      method: 'POST',
      url,
      headers: {
        'PARADEX-STARKNET-ACCOUNT': headers.accountAddress,
        'PARADEX-STARKNET-SIGNATURE': headers.signature,
        'PARADEX-TIMESTAMP': String(headers.timestampS),
        'PARADEX-SIGNATURE-EXPIRATION': String(headers.expirationS),
      },
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    this.token = read(response, 'the login', authAnswerSchema).jwt_token;
    return this.token;
  }

  /** Orders with this client id, whatever became of them. (The by-client-id query shows open orders only.) */
  ordersByClientId(clientId: string): Promise<Order[]> {
    return this.pages('/orders-history', { client_id: clientId }, 'the order history', orderSchema);
  }

  fillsSince(sinceMs: number): Promise<Fill[]> {
    return this.pages('/fills', { start_at: String(Math.max(0, Math.floor(sinceMs))) }, 'the fills', fillSchema);
  }

  positions(): Promise<Position[]> {
    return this.pages('/positions', {}, 'the positions', positionSchema);
  }

  account(): Promise<Account> {
    return this.authorized({ url: `${this.restUrl}/account` }, 'the account', accountSchema);
  }

  /** The account's main public key, where the venue tells it. */
  async mainPublicKey(): Promise<string | undefined> {
    const schema = pageSchema(accountInfoSchema);
    const { results } = await this.authorized({ url: `${this.restUrl}/account/info` }, 'the account', schema);
    return results[0]?.public_key;
  }

  /** Whether a subkey may ask for them is unconfirmed. */
  async subkeys(): Promise<Subkey[]> {
    const schema = pageSchema(subkeySchema);
    return (await this.authorized({ url: `${this.restUrl}/account/keys/subkeys` }, 'the subkeys', schema)).results;
  }

  /** Main key only. */
  async addSubkey(body: SubkeyBody): Promise<void> {
    const request = {
      method: 'POST',
      url: `${this.restUrl}/account/keys/subkeys`,
      body: JSON.stringify(body),
    } as const;
    await this.authorized(request, 'the new subkey', z.unknown());
  }

  /** Main key only. */
  async removeSubkey(publicKey: string): Promise<void> {
    const request = { method: 'DELETE', url: `${this.restUrl}/account/keys/subkeys/${publicKey}` } as const;
    await this.authorized(request, 'the removal of a subkey', z.unknown());
  }

  /** All pages of a list, following `next` to the end. */
  private async pages<Item extends z.ZodType>(
    path: string,
    query: Record<string, string>,
    what: string,
    item: Item,
  ): Promise<z.infer<Item>[]> {
    const items: z.infer<Item>[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const search = new URLSearchParams({ ...query, page_size: String(PAGE_SIZE), ...(cursor ? { cursor } : {}) });
      const answer = await this.authorized({ url: `${this.restUrl}${path}?${search}` }, what, pageSchema(item));
      items.push(...answer.results);
      if (!answer.next) return items;
      cursor = answer.next;
    }
    throw new NetworkError(
      'HS_PARADEX_PAGES',
      `Paradex gave more than ${MAX_PAGES} pages of ${what}; the list is incomplete and was not used.`,
      'Ask for a shorter time.',
    );
  }

  private async authorized<Schema extends z.ZodType>(
    request: Question,
    what: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    const attempt = (): Promise<z.infer<Schema>> =>
      ask(this.network, request, what, schema, { Authorization: `Bearer ${this.token ?? ''}` });
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ParadexRestError) || error.status !== 401 || !this.renewToken) throw error;
      await this.renewToken();
      return attempt();
    }
  }
}

/** GET unless it says otherwise. */
type Question = Pick<HttpRequest, 'url' | 'body'> & { method?: HttpRequest['method'] };

async function ask<Schema extends z.ZodType>(
  network: Network,
  { method = 'GET', url, body }: Question,
  what: string,
  schema: Schema,
  headers: Record<string, string> = {},
): Promise<z.infer<Schema>> {
  const contentType: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const request = { method, url, body, headers: { ...contentType, ...headers }, timeoutMs: REQUEST_TIMEOUT_MS };
  return read(await network.request(request), what, schema);
}

/** 429 and 5xx are no answer to the question: they reject as NetworkError. */
function read<Schema extends z.ZodType>(response: HttpResponse, what: string, schema: Schema): z.infer<Schema> {
  const body = parseJson(response, what);
  if (response.status === 429 || response.status >= 500) {
    throw new NetworkError(
      'HS_PARADEX_UNAVAILABLE',
      `Paradex could not answer about ${what} (HTTP ${response.status}).`,
      'Halfspread asks again; see the Paradex status page if this lasts.',
    );
  }
  if (response.status >= 400) {
    const refusal = restErrorSchema.safeParse(body);
    throw new ParadexRestError(
      what,
      response.status,
      refusal.data?.error ?? `HTTP_${response.status}`,
      refusal.data?.message ?? '',
    );
  }
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  throw unreadable(what, answer.error);
}

function parseJson(response: HttpResponse, what: string): unknown {
  // A removal is answered without a body.
  if (response.status < 300 && response.body === '') return undefined;
  if (response.status >= 400 && !response.body.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(response.body);
  } catch (cause) {
    throw unreadable(what, cause);
  }
}

function unreadable(what: string, cause: unknown): HalfspreadError {
  return new HalfspreadError(
    'HS_PARADEX_MESSAGE',
    `Paradex's answer about ${what} cannot be read, so it is not used.`,
    'If this repeats, Paradex changed its protocol and Halfspread needs an update.',
    { cause },
  );
}
