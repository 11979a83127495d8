import { SBE_TEMPLATE } from './sbe.ts';

/** Enumerations of the schema; 254 stands for a value the venue could not express. */
const ENUMS = {
  Side: { 1: 'BUY', 2: 'SELL' },
  OrderType: {
    1: 'LIMIT',
    2: 'MARKET',
    3: 'STOP_LIMIT',
    4: 'STOP_MARKET',
    5: 'TAKE_PROFIT_LIMIT',
    6: 'TAKE_PROFIT_MARKET',
    7: 'STOP_LOSS_LIMIT',
    8: 'STOP_LOSS_MARKET',
  },
  OrderStatus: { 1: 'NEW', 2: 'UNTRIGGERED', 3: 'OPEN', 4: 'CLOSED' },
  TimeInForce: { 1: 'GTC', 2: 'IOC', 3: 'POST_ONLY', 4: 'RPI' },
  FillType: { 1: 'FILL', 2: 'LIQUIDATION', 3: 'UNWIND_TRANSFER', 4: 'SETTLE_MARKET', 5: 'RPI', 6: 'BLOCK_TRADE' },
  PkgType: { 0: 'SNAPSHOT', 1: 'DELTA' },
  AssetKind: { 0: 'UNSPECIFIED', 1: 'PERPETUAL_FUTURE', 2: 'OPTION', 3: 'SPOT' },
  LiquiditySide: { 1: 'MAKER', 2: 'TAKER' },
  STPMode: { 0: 'NONE', 1: 'EXPIRE_MAKER', 2: 'EXPIRE_TAKER', 3: 'EXPIRE_BOTH' },
  PositionStatus: { 1: 'OPEN', 2: 'CLOSED', 3: 'UNSPECIFIED' },
  AccountStatus: { 1: 'ACTIVE', 2: 'LIQUIDATION' },
  RequestStatus: { 0: 'UNSPECIFIED', 1: 'PENDING', 2: 'PROCESSED', 3: 'REJECTED', 4: 'SUCCESS' },
  RequestType: { 0: 'UNSPECIFIED', 1: 'MODIFY_ORDER' },
} as const;

type EnumName = keyof typeof ENUMS;

/** `e8`/`e12`: 64-bit mantissa x 1e-8 / 1e-12; `?`: may have no value; `time`: microseconds since the epoch. */
export type FieldType =
  'time' | 'i64' | 'i64?' | 'u64' | 'e8' | 'e8?' | 'e12' | 'e12?' | 'i16' | 'u8' | 'address' | EnumName;

export interface FieldLayout {
  name: string;
  type: FieldType;
  offset: number;
  bytes: number;
  sinceVersion: number;
}

export interface MessageLayout {
  name: string;
  fields: FieldLayout[];
  /** Groups of price levels (price e8, size e8). */
  groups: string[];
  texts: { name: string; sinceVersion: number }[];
}

/** Name in the schema, or undefined for a value outside it. */
export function enumName(type: FieldType, value: number): string | undefined {
  if (!(type in ENUMS)) return undefined;
  if (value === 254) return 'NON_REPRESENTABLE';
  return (ENUMS[type as EnumName] as Record<number, string>)[value];
}

export function isEnum(type: FieldType): boolean {
  return type in ENUMS;
}

/** `name:type` or `name:type@version` in wire order; offsets follow from the packed sizes. */
function message(name: string, fields: string, texts: string, groups: string[] = []): MessageLayout {
  let offset = 0;
  const layouts = fields.split(' ').map((field): FieldLayout => {
    const [fieldName, type, sinceVersion] = field.split(/[:@]/) as [string, FieldType, string | undefined];
    const layout = { name: fieldName, type, offset, bytes: sizeOf(type), sinceVersion: Number(sinceVersion ?? 0) };
    offset += layout.bytes;
    return layout;
  });
  const textLayouts = texts
    .split(' ')
    .filter((text) => text !== '')
    .map((text) => ({ name: text.split('@')[0]!, sinceVersion: Number(text.split('@')[1] ?? 0) }));
  return { name, fields: layouts, groups, texts: textLayouts };
}

function sizeOf(type: FieldType): number {
  if (type === 'address') return 32;
  if (type === 'i16') return 2;
  return type === 'u8' || isEnum(type) ? 1 : 8;
}

/** Messages of schema 1 by template id (paradex-py SBE schema of 2026-09-25). */
export const MESSAGE_LAYOUTS = new Map<number, MessageLayout>([
  [
    SBE_TEMPLATE.trade,
    message(
      'TradeEvent',
      'ts:time seq:i64 tradeId:i64 side:Side price:e8 size:e8 createdAt:time tradeType:FillType',
      'market tradeIdStr@2',
    ),
  ],
  [
    SBE_TEMPLATE.bbo,
    message('BboEvent', 'ts:time seq:i64 bidPrice:e8? bidSize:e8? askPrice:e8? askSize:e8?', 'market'),
  ],
  [
    SBE_TEMPLATE.book,
    message(
      'BookEvent',
      'ts:time seq:i64 pkgType:PkgType bestBidPrice:e8? bestBidSize:e8? bestAskPrice:e8? bestAskSize:e8? ' +
        'relativeSpread:e8? bestBidApiPrice:e8? bestBidApiSize:e8? bestAskApiPrice:e8? bestAskApiSize:e8?',
      'market',
      ['bids', 'asks'],
    ),
  ],
  [
    SBE_TEMPLATE.marketSummary,
    message(
      'MarketSummaryEvent',
      'ts:time seq:i64 markPrice:e8 indexPrice:e8 lastPrice:e8 volumeUsd24h:e8 openInterest:e8 fundingRate:e8 ' +
        'bid:e8? ask:e8? totalVolume:e8 priceChangeRate24h:e8 markIv:e8? bidIv:e8? askIv:e8? lastIv:e8? delta:e8? ' +
        'gamma:e8? vega:e8? theta:e8? rho:e8? volga:e8? vanna:e8? futureFundingRate:e8? externalFairPrice:e8? ' +
        'bidSize:e8? askSize:e8? forwardRate:e8?@1 riskFreeRate:e8?@1 fundingRatePrecise:e12?@1',
      'market',
    ),
  ],
  [
    SBE_TEMPLATE.fundingData,
    message(
      'FundingDataEvent',
      'ts:time seq:i64 fundingRate:e8 fundingIndex:e8 createdAt:time fundingPremium:e8 fundingRate8h:e8 ' +
        'fundingPeriodHours:i16 impactPremiumRate:e8?@1',
      'market',
    ),
  ],
  [
    SBE_TEMPLATE.fundingRateComparison,
    message(
      'FundingRateComparisonEvent',
      'ts:time lastUpdatedAt:time hourlyFundingRate:e12 assetKind:AssetKind source:u8',
      'market',
    ),
  ],
  [
    SBE_TEMPLATE.order,
    message(
      'OrderEvent',
      'ts:time seq:i64 status:OrderStatus side:Side orderType:OrderType timeInForce:TimeInForce price:e8? ' +
        'triggerPrice:e8? size:e8 sizeOpen:e8 avgFillPrice:e8? createdAt:time updatedAt:time account:address ' +
        'receivedAt:time publishedAt:time stp:STPMode flags:u8 requestStatus:RequestStatus@2 requestType:RequestType@2',
      'orderId clientOrderId market cancelReason requestId@2 requestMessage@2',
    ),
  ],
  [
    SBE_TEMPLATE.fill,
    message(
      'FillEvent',
      'ts:time seq:i64? fillType:FillType side:Side liquidity:LiquiditySide price:e8 size:e8 fee:e8 realizedPnl:e8? ' +
        'createdAt:time account:address underlyingPrice:e8 realizedFunding:e8 flags:u8@2 orderbookSeqNo:u64@2',
      'fillId orderId clientOrderId tradeId market feeCurrency@2',
    ),
  ],
  [
    SBE_TEMPLATE.position,
    message(
      'PositionEvent',
      'ts:time seq:i64 side:Side size:e8 avgEntryPrice:e8 unrealizedPnl:e8 realizedPnl:e8 markPrice:e8? ' +
        'liquidationPrice:e8? leverage:e8 updatedAt:time account:address avgEntryPriceUsd:e8 cost:e8 costUsd:e8 ' +
        'cachedFundingIndex:e8 unrealizedFundingPnl:e8 status:PositionStatus',
      'market lastFillId',
    ),
  ],
  [
    SBE_TEMPLATE.account,
    message(
      'AccountEvent',
      'ts:time seq:i64 totalCollateral:e8 freeCollateral:e8 initialMarginReq:e8 maintenanceMarginReq:e8 ' +
        'accountValue:e8 unrealizedPnl:e8? updatedAt:time account:address marginCushion:e8 status:AccountStatus ' +
        'lastSeenNotification:time@2',
      'settlementAsset',
    ),
  ],
  [SBE_TEMPLATE.heartbeat, message('HeartbeatEvent', 'ts:time seq:i64', '')],
  [SBE_TEMPLATE.subscribed, message('SubscribedEvent', 'ts:time seq:i64 status:u8', 'channel')],
]);
