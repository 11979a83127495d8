/** What a WebSocket can subscribe to, parsed from the channel's name. */
export type Channel =
  | { kind: 'bbo' | 'trades' | 'summary'; market: string }
  | { kind: 'deltas'; market: string }
  | { kind: 'snapshots'; market: string; periodMs: number }
  /** Known names on which this venue has nothing to say. */
  | { kind: 'silent' }
  | { kind: 'orders' | 'fills'; market: string }
  | { kind: 'positions' | 'account' | 'balance_events' | 'private-silent' };

export type ParsedChannel = { ok: true; channel: Channel } | { ok: false; data: string };

export const ALL_MARKETS = 'ALL';
export const SNAPSHOT_DEPTH = 15;

const PRIVATE_SILENT = /^(funding_payments\.[\w.-]+|transfers|tradebusts|transaction)$/;
const PUBLIC_SILENT = /^(markets(\.[\w-]+)?|funding_data\.[\w-]+|funding_rate_comparison\.ALL(@\w+)?)$/;
const SNAPSHOT_PARAMETERS = /^15@(50|100)ms(@\d+(_\d+)?)?$/;

/**
 * Reads a channel's name. `isMarket` tells which markets exist. Of the order-book names only the bare `deltas` and
 * `interactive_deltas`, and `snapshot` with its parameters, are served; the documented `deltas@15@50ms` is refused, as recorded
 * from the venue.
 */
export function parseChannel(name: string, isMarket: (symbol: string) => boolean): ParsedChannel {
  const accepted = (channel: Channel): ParsedChannel => ({ ok: true, channel });
  const refused = (data: string): ParsedChannel => ({ ok: false, data });
  if (name === 'positions' || name === 'account' || name === 'balance_events') return accepted({ kind: name });
  if (PRIVATE_SILENT.test(name)) return accepted({ kind: 'private-silent' });
  if (PUBLIC_SILENT.test(name)) return accepted({ kind: 'silent' });
  if (name === 'markets_summary') return accepted({ kind: 'summary', market: ALL_MARKETS });

  const [topic, market = '', ...rest] = name.split('.');
  const parameters = rest.join('.');
  if (topic === 'bbo' && market === 'interactive') return accepted({ kind: 'silent' });
  const allowsAll = topic !== 'order_book';
  if (!isMarket(market) && !(allowsAll && market === ALL_MARKETS)) return refused(`unknown channel ${name}`);
  switch (topic) {
    case 'bbo':
      return parameters === '' || parameters === 'interactive'
        ? accepted({ kind: 'bbo', market })
        : refused('no parameters expected for bbo topic.');
    case 'trades':
    case 'orders':
    case 'fills':
      return parameters === ''
        ? accepted({ kind: topic, market })
        : refused(`no parameters expected for ${topic} topic.`);
    case 'markets_summary':
      return parameters === '' ? accepted({ kind: 'summary', market }) : refused('unknown channel');
    case 'order_book':
      return parseBookChannel(market, parameters);
    default:
      return refused(`unknown channel ${name}`);
  }
}

function parseBookChannel(market: string, parameters: string): ParsedChannel {
  const [flavour, ...options] = parameters.split('@');
  if (flavour === 'deltas' || flavour === 'interactive_deltas') {
    return options.length === 0
      ? { ok: true, channel: { kind: 'deltas', market } }
      : { ok: false, data: `no parameters expected for ${flavour} topic.` };
  }
  const match = SNAPSHOT_PARAMETERS.exec(options.join('@'));
  if (flavour === 'snapshot' && match !== null) {
    return { ok: true, channel: { kind: 'snapshots', market, periodMs: Number(match[1]) } };
  }
  return { ok: false, data: 'unknown order_book topic.' };
}

export function isPrivate(channel: Channel): boolean {
  switch (channel.kind) {
    case 'orders':
    case 'fills':
    case 'positions':
    case 'account':
    case 'balance_events':
    case 'private-silent':
      return true;
    case 'bbo':
    case 'trades':
    case 'summary':
    case 'deltas':
    case 'snapshots':
    case 'silent':
      return false;
  }
}
