/**
 * Vest v2 error codes (official API documentation). 10xx and 11xx answer the HTTP call; 3xxx are order rejections that
 * usually arrive later, as a REJECTED order event or in GET /orders. 4xxx and 5xxx concern LP shares and transfers.
 * The numbers 4001..4005 mean something else as WebSocket close codes: see VEST_CLOSE_CODES.
 */
export const VEST_ERROR_CODES: Readonly<Record<number, string>> = {
  429: 'TOO_MANY_REQUESTS',
  1002: 'UNAUTHORIZED',
  1003: 'TOO_MANY_REQUESTS',
  1022: 'INVALID_SIGNATURE',
  1023: 'INVALID_NONCE',
  1024: 'INVALID_NETWORK_TYPE',
  1099: 'ACCOUNT_NOT_FOUND',
  1111: 'BAD_DECIMALS',
  1116: 'INVALID_ORDER_TYPE',
  1121: 'BAD_SYMBOL',
  1125: 'INVALID_LISTEN_KEY',
  1130: 'INVALID_PARAMETER',
  1131: 'BAD_RECV_WINDOW',
  1132: 'ORDER_EXPIRED',
  1133: 'INVALID_TIME_IN_FORCE',
  1143: 'INVALID_TRANSACTION',
  1144: 'ALREADY_USE_TRANSACTION',
  1145: 'INVALID_TP_SL_PRICE',
  1146: 'INVALID_ACCOUNT_GROUP',
  1147: 'DECLINE_WITHDRAW_FROM_MOBILE',
  1148: 'MARKET_CLOSED',
  3001: 'PRICE_CHECK_FAILED',
  3002: 'MARGIN_CHECK_FAILED',
  3003: 'PRICE_STALE',
  3004: 'ORDER_STALE',
  3006: 'INCREASE_WITH_SL_TP',
  3007: 'INCREASE_DURING_INSOLVENCY',
  3008: 'DELETED_BY_LIQ',
  3010: 'OI_CAP_EXCEEDED',
  3011: 'INVALID_LIMIT_PRICE',
  3015: 'DUPLICATE',
  3017: 'ORDER_NOT_FOUND',
  3018: 'REDUCE_ONLY_INCREASES',
  3019: 'REDUCE_ONLY_EXCEEDS_SIZE',
  3020: 'ORDER_CHANGES_LEVERAGE',
  3021: 'DECREASE_LEVERAGE_WITH_POSITION',
  3022: 'INVALID_TP_SL_PRICE',
  3023: 'BAD_SYMBOL',
  3024: 'MARKET_CLOSED',
};

/** An order with the same (time, nonce, ...) exists: maybe our own earlier copy, so never a definite rejection. */
export const DUPLICATE_ORDER_CODE = 3015;
export const UNAUTHORIZED_CODE = 1002;
export const INVALID_LISTEN_KEY_CODE = 1125;

/** Close codes of Vest's WebSocket. */
export const VEST_CLOSE_CODES: Readonly<Record<number, string>> = {
  1011: 'INTERNAL_ERROR',
  1012: 'SERVICE_RESTART',
  4000: 'WRONG_VERSION',
  4001: 'ACCOUNT_GROUP_NOT_FOUND',
  4002: 'ACCOUNT_GROUP_INVALID',
  4003: 'LISTEN_KEY_REQUIRED',
  4004: 'LISTEN_KEY_NOT_FOUND',
  4005: 'LISTEN_KEY_EXPIRED',
};

/** After these two a new listen key must be asked for before connecting again. */
export function isListenKeyGone(closeCode: number): boolean {
  return closeCode === 4004 || closeCode === 4005;
}

/** "3001 PRICE_CHECK_FAILED"; the number alone when the code is not in the table. */
export function describeVestCode(code: number): string {
  const name = VEST_ERROR_CODES[code];
  return name === undefined ? String(code) : `${code} ${name}`;
}
