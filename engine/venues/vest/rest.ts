import type { z } from 'zod';
import { HalfspreadError, NetworkError, errorMessage } from '../../core/errors.ts';
import type { Env, HttpRequest, HttpResponse } from '../../env.ts';
import type { ConnectionReport } from '../venue.ts';
import type { VestFeedSettings } from './config.ts';
import { describeVestCode } from './error-codes.ts';
import { RoundTrips } from '../round-trips.ts';
import type { VestClock } from './venue-clock.ts';
import { accountSchema, errorIn, exchangeInfoSchema, type VestAccount, type VestExchangeInfo } from './wire.ts';

/** The venue answered with one of its own error codes: a definite answer. */
export class VestAnswerError extends HalfspreadError {
  readonly vestCode: number;
  constructor(call: string, vestCode: number, msg: string) {
    super(
      'HS_VEST_REFUSED',
      `Vest refused ${call}: ${describeVestCode(vestCode)} (${msg}).`,
      vestCode === 1002
        ? 'Register the signing key again: the API key is not accepted.'
        : 'See the code in the Vest notes.',
    );
    this.vestCode = vestCode;
  }
}

/** REST of one account, or of none: headers, parsing, error envelopes, round trips, clock samples. */
export class VestRest {
  private readonly env: Env;
  private readonly settings: VestFeedSettings;
  private readonly clock: VestClock;
  private readonly onClockDoubt: () => void;
  private readonly headers: Record<string, string>;
  private readonly rtt = new RoundTrips();
  private readonly requestsBefore: number;
  private readonly openedBefore: number;
  private lastAnswerAtMs = Number.NaN;
  private reachable = false;

  constructor(env: Env, settings: VestFeedSettings, clock: VestClock, onClockDoubt: () => void) {
    this.env = env;
    this.settings = settings;
    this.clock = clock;
    this.onClockDoubt = onClockDoubt;
    this.headers = {
      xrestservermm: `restserver${settings.accountGroup}`,
      ...(settings.apiKey === undefined ? {} : { 'X-API-KEY': settings.apiKey }),
      'content-type': 'application/json',
    };
    const before = this.originReport();
    this.requestsBefore = before?.requests ?? 0;
    this.openedBefore = before?.newConnections ?? 0;
  }

  /** Synchronous up to the hand-over to the network, for orders: `body` is sent as it is. Rejects as Network.request. */
  post(
    path: string,
    body: string,
    timeoutMs: number,
    onHandedToSocket?: (atMs: number) => void,
  ): Promise<HttpResponse> {
    return this.exchange({
      method: 'POST',
      url: this.settings.restUrl + path,
      headers: this.headers,
      body,
      timeoutMs,
      onHandedToSocket,
    });
  }

  /**
   * One call with a checked answer.
   * @throws NetworkError no complete or no readable answer (HTML from the proxy, 5xx): the outcome is unknown.
   * @throws VestAnswerError the venue answered with an error code.
   */
  async call<T>(
    schema: z.ZodType<T>,
    method: HttpRequest['method'],
    path: string,
    query?: Record<string, string | number>,
    body?: object,
  ): Promise<T> {
    const { answer } = await this.callTimed(schema, method, path, query, body);
    return answer;
  }

  /** GET /account; its `time` is a clock sample. */
  async account(): Promise<VestAccount> {
    const sentAtMs = this.env.clock.monotonicMs();
    const { answer, response } = await this.callTimed(accountSchema, 'GET', '/account', this.timeQuery());
    const agrees = this.clock.addAnswer(sentAtMs, response.receivedAtMs, response.headers['date'], answer.time);
    if (!agrees) this.onClockDoubt();
    return answer;
  }

  /** GET /exchangeInfo of these symbols (all without), public; its HTTP date is a clock sample. */
  async exchangeInfo(symbols?: readonly string[]): Promise<VestExchangeInfo> {
    const sentAtMs = this.env.clock.monotonicMs();
    const query: Record<string, string> = symbols ? { symbols: symbols.join(',') } : {};
    const { answer, response } = await this.callTimed(exchangeInfoSchema, 'GET', '/exchangeInfo', query);
    this.clock.addAnswer(sentAtMs, response.receivedAtMs, response.headers['date']);
    return answer;
  }

  /** One of the measured round trips; see RoundTrips.draw. */
  drawRoundTrip(random: number): { ms: number; samples: number } | undefined {
    return this.rtt.draw(random);
  }

  /** `time` of private GETs. */
  timeQuery(): { time: number } {
    return { time: this.clock.safeNowMs() };
  }

  /** Round trips so far opened connections: they tell nothing about warm ones. */
  forgetRoundTrips(): void {
    this.rtt.clear();
  }

  isReachable(): boolean {
    return this.reachable;
  }

  report(): Omit<ConnectionReport, 'venue'> {
    const origin = this.originReport();
    const requests = (origin?.requests ?? 0) - this.requestsBefore;
    const opened = (origin?.newConnections ?? 0) - this.openedBefore;
    const lastFrameAgeMs = this.env.clock.monotonicMs() - this.lastAnswerAtMs;
    return {
      name: 'rest',
      transport: 'rest',
      state: this.reachable ? 'ready' : Number.isNaN(this.lastAnswerAtMs) ? 'connecting' : 'lost',
      ...this.rtt.summary(),
      reconnects: 0,
      lastFrameAgeMs: Number.isNaN(lastFrameAgeMs) ? undefined : lastFrameAgeMs,
      reused: Math.max(0, requests - opened),
      opened,
    };
  }

  private async callTimed<T>(
    schema: z.ZodType<T>,
    method: HttpRequest['method'],
    path: string,
    query: Record<string, string | number> = {},
    body?: object,
  ): Promise<{ answer: T; response: HttpResponse }> {
    const search = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const call = `${method} ${path}`;
    const response = await this.exchange({
      method,
      url: this.settings.restUrl + path + (search && `?${search}`),
      headers: this.headers,
      body: body && JSON.stringify(body),
      timeoutMs: this.settings.requestTimeoutMs,
    });
    const parsed = parseBody(response.body);
    const error = errorIn(parsed);
    if (error && response.status < 500) throw new VestAnswerError(call, error.code, error.msg);
    const checked = schema.safeParse(parsed);
    if (response.status >= 200 && response.status < 300 && checked.success) return { answer: checked.data, response };
    throw new NetworkError(
      'HS_VEST_UNREADABLE',
      `Vest's answer to ${call} (HTTP ${response.status}) is not what its protocol says: ` +
        (checked.success ? response.body.slice(0, 80) : checked.error.issues[0]?.message) +
        '. It says nothing about the account.',
      'Usually the proxy in front of the venue; it is asked again. If it stays, the venue changed its protocol.',
    );
  }

  private async exchange(request: HttpRequest): Promise<HttpResponse> {
    let handedOverAtMs = this.env.clock.monotonicMs();
    try {
      const response = await this.env.network.request({
        ...request,
        onHandedToSocket: (atMs) => {
          handedOverAtMs = atMs;
          request.onHandedToSocket?.(atMs);
        },
      });
      this.rtt.add(response.receivedAtMs - handedOverAtMs);
      this.lastAnswerAtMs = response.receivedAtMs;
      this.reachable = true;
      return response;
    } catch (error) {
      this.reachable = false;
      if (error instanceof NetworkError) throw error;
      throw new NetworkError('HS_VEST_NO_ANSWER', errorMessage(error), 'Check the line.', { cause: error });
    }
  }

  private originReport(): { requests: number; newConnections: number } | undefined {
    const { origin } = new URL(this.settings.restUrl);
    return this.env.network.httpReports().find((report) => report.origin === origin);
  }
}

/** The parsed JSON, or undefined when the body is none (Cloudflare answers errors in HTML). */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
