import { trimE8 } from '../../../core/units.ts';
import { feeRates } from '../exchange/rules.ts';
import { refusal } from '../exchange/state.ts';
import { accountView, balanceView, fillView, positionView } from '../views/account-view.ts';
import { milliseconds } from '../views/order-view.ts';
import { privateRoute, type PrivateCall, type Route } from './call.ts';
import { page } from './paging.ts';

/** The account's ledger as the venue keeps it. */
export const ACCOUNT_ROUTES: Route[] = [
  privateRoute('GET', '/fills', sendFills),
  privateRoute('GET', '/positions', (call) => {
    const { listsClosedPositions } = call.venue.state.switches;
    const positions = [...call.venue.account(call.grant.account).positions.values()].filter(
      ({ sizeE8 }) => sizeE8 !== 0 || listsClosedPositions,
    );
    call.reply(200, {
      results: positions.map((position) => positionView(call.venue.state, call.grant.account, position)),
    });
  }),
  privateRoute('GET', '/account', (call) => {
    call.reply(200, accountView(call.venue.state, call.venue.account(call.grant.account)));
  }),
  privateRoute('GET', '/account/summary', (call) => {
    call.reply(200, { results: [accountView(call.venue.state, call.venue.account(call.grant.account))] });
  }),
  privateRoute('GET', '/account/info', sendInfo),
  privateRoute('GET', '/balance', (call) => {
    call.reply(200, { results: [balanceView(call.venue.account(call.grant.account))] });
  }),
  privateRoute('GET', '/funding/payments', sendNothing),
  privateRoute('GET', '/transfers', sendNothing),
  privateRoute('GET', '/tradebusts', sendNothing),
  privateRoute('GET', '/liquidations', sendNothing),
];

function sendFills(call: PrivateCall): void {
  const { venue, grant, query } = call;
  const market = query.get('market') || undefined;
  if (market !== undefined && !venue.state.markets.has(market)) {
    call.refuse(refusal('MARKET_NOT_FOUND', `market ${market} not found`));
    return;
  }
  const fills = venue
    .account(grant.account)
    .fills.filter((fill) => market === undefined || fill.market === market)
    .map((fill) => ({ id: fill.id, atMs: milliseconds(fill.atUs), fill }));
  const result = page(fills, query, ({ fill }) => fillView(venue.state, fill));
  if (result.ok) call.reply(200, result.body);
  else call.refuse(result.refusal);
}

function sendInfo(call: PrivateCall): void {
  const account = call.venue.account(call.grant.account);
  const rates = feeRates(call.venue.state.fees, call.grant.orderClass);
  call.reply(200, {
    results: [
      {
        account: account.address,
        parent_account: '',
        kind: 'main',
        public_key: account.keys[0]!.publicKey,
        username: '',
        created_at: milliseconds(account.createdAtUs),
        fees: { maker_rate: trimE8(rates.makerE8), taker_rate: trimE8(rates.takerE8) },
      },
    ],
  });
}

/** Lists that stay empty: no funding, transfers, busts or liquidations happen here. */
function sendNothing(call: PrivateCall): void {
  call.reply(200, { next: null, prev: null, results: [] });
}
