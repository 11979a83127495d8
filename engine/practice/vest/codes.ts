/** Vest's error codes this venue can answer: 10xx/11xx on the HTTP call, 3xxx as REJECTED order events (3015, 3017 and 3021 also on HTTP). */
export const VEST_CODES = {
  1002: 'UNAUTHORIZED',
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
  1145: 'INVALID_TP_SL_PRICE',
  1146: 'INVALID_ACCOUNT_GROUP',
  1148: 'MARKET_CLOSED',
  3001: 'PRICE_CHECK_FAILED',
  3002: 'MARGIN_CHECK_FAILED',
  3003: 'PRICE_STALE',
  3004: 'ORDER_STALE',
  3011: 'INVALID_LIMIT_PRICE',
  3015: 'DUPLICATE',
  3017: 'ORDER_NOT_FOUND',
  3018: 'REDUCE_ONLY_INCREASES',
  3019: 'REDUCE_ONLY_EXCEEDS_SIZE',
  3020: 'ORDER_CHANGES_LEVERAGE',
  3021: 'DECREASE_LEVERAGE_WITH_POSITION',
  3024: 'MARKET_CLOSED',
} as const;

export type VestCode = keyof typeof VEST_CODES;

/** A refusal as the venue answers it; `detail` goes into `msg` behind the code's name. */
export interface VestRefusal {
  code: VestCode;
  detail?: string;
}

export function refusal(code: VestCode, detail?: string): VestRefusal {
  return detail === undefined ? { code } : { code, detail };
}

/** The published pages give no HTTP status per code: 401 for a bad API key, 404 for a missing order, else 400. */
export function httpStatusOf(code: VestCode): number {
  if (code === 1002) return 401;
  return code === 3017 ? 404 : 400;
}

export function refusalBody(cause: VestRefusal, envelope: 'detail' | 'flat'): string {
  const name = VEST_CODES[cause.code];
  const error = { code: cause.code, msg: cause.detail === undefined ? name : `${name}: ${cause.detail}` };
  return JSON.stringify(envelope === 'detail' ? { detail: error } : error);
}
