/** Published limits (Paradex: rate limits), each a token bucket with continuous refill; all buckets of a scope must have one. */
const SCOPES = {
  /** Public REST, per IP: the practice venue sees one. */
  public: [{ limit: 1_500, windowS: 60 }],
  onboarding: [{ limit: 600, windowS: 60 }],
  auth: [{ limit: 600, windowS: 60 }],
  /** Placing, changing and cancelling, REST and WebSocket together, per account. */
  orders: [
    { limit: 800, windowS: 1 },
    { limit: 17_250, windowS: 60 },
  ],
  privateReads: [
    { limit: 120, windowS: 1 },
    { limit: 600, windowS: 60 },
  ],
} as const;

export type RateScope = keyof typeof SCOPES;

export interface RateAnswer {
  allowed: boolean;
  /** The venue's headers on every answer; `retry-after` (whole seconds) only when refused. */
  headers: Record<string, string>;
}

interface Bucket {
  limit: number;
  windowS: number;
  tokens: number;
  filledAtUs: number;
}

/** Counts requests in venue time. */
export class RateLimits {
  private readonly nowUs: () => number;
  private readonly buckets = new Map<string, Bucket[]>();

  constructor(nowUs: () => number) {
    this.nowUs = nowUs;
  }

  /** Takes one unit of a scope; `owner` is the account, or empty for what is counted per IP. */
  take(scope: RateScope, owner = ''): RateAnswer {
    const buckets = this.bucketsOf(scope, owner);
    for (const bucket of buckets) this.refill(bucket);
    const empty = buckets.filter(({ tokens }) => tokens < 1);
    if (empty.length === 0) for (const bucket of buckets) bucket.tokens--;
    const tightest = buckets.reduce((a, b) => (b.tokens / b.limit < a.tokens / a.limit ? b : a));
    const waitS = Math.max(0, ...empty.map(({ tokens, windowS, limit }) => ((1 - tokens) * windowS) / limit));
    const headers: Record<string, string> = {
      'x-ratelimit-limit': String(tightest.limit),
      'x-ratelimit-remaining': String(Math.floor(tightest.tokens)),
      'x-ratelimit-reset': String(Math.ceil(this.nowUs() / 1_000_000 + waitS)),
      'x-ratelimit-window': String(tightest.windowS),
    };
    if (empty.length > 0) headers['retry-after'] = String(Math.ceil(waitS));
    return { allowed: empty.length === 0, headers };
  }

  private bucketsOf(scope: RateScope, owner: string): Bucket[] {
    const key = `${scope} ${owner}`;
    let buckets = this.buckets.get(key);
    if (buckets === undefined) {
      buckets = SCOPES[scope].map((rule) => ({ ...rule, tokens: rule.limit, filledAtUs: this.nowUs() }));
      this.buckets.set(key, buckets);
    }
    return buckets;
  }

  private refill(bucket: Bucket): void {
    const nowUs = this.nowUs();
    const gained = ((nowUs - bucket.filledAtUs) * bucket.limit) / (bucket.windowS * 1_000_000);
    bucket.tokens = Math.min(bucket.limit, bucket.tokens + gained);
    bucket.filledAtUs = nowUs;
  }
}
