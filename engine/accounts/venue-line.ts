import { HalfspreadError, NetworkError, errorMessage } from '../core/errors.ts';
import type { Clock, HttpRequest, HttpResponse, Network } from '../env.ts';

/** A venue answers within a fraction of this from anywhere; more is a line that hangs. */
const REQUEST_TIMEOUT_MS = 5_000;
/** With less than this left nothing new is begun. */
const SHORTEST_TIMEOUT_MS = 50;

/** What lies under a failed request, by the code of the deepest cause that has one. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'nothing listens at this address',
  ECONNRESET: 'it broke the connection off',
  UND_ERR_SOCKET: 'it broke the connection off',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'this machine has no network',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it did not answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  CERT_HAS_EXPIRED: 'its certificate has run out, or this machine’s clock is wrong',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: this machine’s clock is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate belongs to another name',
};

/**
 * The network as one request of the accounts program uses it towards one venue: bounded in time altogether, its round trips
 * counted, and whatever is no answer of the venue's interface turned into an error of its own. The venue's own refusals
 * pass: they are for the caller to read.
 */
export class VenueLine implements Network {
  /** "Paradex", "Vest" */
  readonly venue: string;
  private readonly network: Network;
  private readonly clock: Clock;
  private readonly endsAtMs: number;
  private readonly roundTrips: number[] = [];

  /** @param timeoutMs for everything asked over this line together */
  constructor(env: { network: Network; clock: Clock }, venue: string, timeoutMs: number) {
    this.venue = venue;
    this.network = env.network;
    this.clock = env.clock;
    this.endsAtMs = env.clock.monotonicMs() + timeoutMs;
  }

  /** @throws NetworkError HS_VENUE_UNREACHABLE, HS_VENUE_NOT_API, HS_VENUE_RATE_LIMIT, HS_VENUE_DOWN */
  async request(request: HttpRequest): Promise<HttpResponse> {
    const timeoutMs = Math.min(request.timeoutMs, REQUEST_TIMEOUT_MS, this.leftMs());
    if (timeoutMs < SHORTEST_TIMEOUT_MS) throw this.unreachable(request.url, 'the time for this request is used up');
    let handedOverAtMs = this.clock.monotonicMs();
    let response: HttpResponse;
    try {
      const onHandedToSocket = (atMs: number): void => void (handedOverAtMs = atMs);
      response = await this.network.request({ ...request, timeoutMs, onHandedToSocket });
    } catch (error) {
      throw this.unreachable(request.url, reasonOf(error), error);
    }
    this.roundTrips.push(response.receivedAtMs - handedOverAtMs);
    this.refuseWhatIsNoAnswer(request.url, response);
    return response;
  }

  /** Time left for the whole; not below 0. */
  leftMs(): number {
    return Math.max(0, this.endsAtMs - this.clock.monotonicMs());
  }

  /** Median of the REST reads so far; undefined before the first. */
  medianRoundTripMs(): number | undefined {
    const sorted = this.roundTrips.toSorted((one, other) => one - other);
    const middle = sorted[Math.floor(sorted.length / 2)];
    return middle === undefined ? undefined : Math.round(middle * 100) / 100;
  }

  openSocket(...args: Parameters<Network['openSocket']>): ReturnType<Network['openSocket']> {
    return this.network.openSocket(...args);
  }

  warm(url: string): Promise<void> {
    return this.network.warm(url);
  }

  httpReports(): ReturnType<Network['httpReports']> {
    return this.network.httpReports();
  }

  unreachable(url: string, reason: string, cause?: unknown): NetworkError {
    return new NetworkError(
      'HS_VENUE_UNREACHABLE',
      `${this.venue} could not be reached at ${hostOf(url)}: ${reason}.`,
      'Check the address and this machine’s connection to the internet, then try again.',
      { cause },
    );
  }

  private refuseWhatIsNoAnswer(url: string, { status, headers, body }: HttpResponse): void {
    if (status === 429) throw this.rateLimited(headers['retry-after']);
    if (!isJson(body)) {
      const what = body.trimStart().startsWith('<') ? 'a web page' : 'no JSON';
      throw new NetworkError(
        'HS_VENUE_NOT_API',
        `${hostOf(url)} answered with ${what} (HTTP ${status}), not as ${this.venue}’s interface.`,
        'Usually a proxy in front of the venue that turns this machine or region away, or a wrong address: check it, ' +
          'then try again later.',
      );
    }
    if (status >= 500) {
      throw new NetworkError(
        'HS_VENUE_DOWN',
        `${this.venue} is there but could not answer (HTTP ${status}).`,
        'See the venue’s status page; try again later.',
      );
    }
  }

  private rateLimited(retryAfter: string | undefined): NetworkError {
    const wait = retryAfter !== undefined && /^\d+$/.test(retryAfter) ? `in ${retryAfter} s` : 'in a minute';
    return new NetworkError(
      'HS_VENUE_RATE_LIMIT',
      `${this.venue} answers no more requests from here for now (HTTP 429).`,
      `Try again ${wait}; another program may be using the same connection or key.`,
    );
  }
}

/** An empty body is the answer to a removal. */
function isJson(body: string): boolean {
  if (body === '') return true;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

export function hostOf(url: string): string {
  return new URL(url).host;
}

function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'it did not answer in time';
    const code = 'code' in cause ? String(cause.code) : '';
    const reason = REASONS[code];
    if (reason !== undefined) return reason;
    // Both address families were tried.
    if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  }
  const deepest = error instanceof HalfspreadError && error.cause !== undefined ? error.cause : error;
  return errorMessage(deepest).replace(/\.$/, '');
}
