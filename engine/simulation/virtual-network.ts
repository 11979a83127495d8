import { NetworkError } from '../core/errors.ts';
import type { HttpOriginReport, HttpRequest, HttpResponse, Network, SocketHandlers, SocketOptions } from '../env.ts';
import type { EndpointResponse, VenueEndpoint } from '../practice/host.ts';
import type { LinkProfileLeg } from '../practice/links/presets.ts';
import { VirtualLine } from './virtual-line.ts';
import { ABNORMAL_CLOSURE, VirtualSocket, lowerCaseNames } from './virtual-socket.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A venue that can be reached in the virtual network, and the line to it. */
export interface VirtualRoute {
  endpoint: VenueEndpoint;
  link: LinkProfileLeg;
}

interface KeptConnection {
  line: VirtualLine;
  busy: boolean;
}

interface Origin {
  report: HttpOriginReport;
  connections: KeptConnection[];
}

/** The network of a virtual run: routes by host name, HTTP keep-alive and WebSockets at message level. */
export class VirtualNetwork implements Network {
  private readonly time: VirtualTime;
  private readonly routes: ReadonlyMap<string, VirtualRoute>;
  private readonly seed: number;
  private readonly origins = new Map<string, Origin>();

  /** `routes` may be filled after construction: it is read at each connection. */
  constructor(time: VirtualTime, routes: ReadonlyMap<string, VirtualRoute>, seed: number) {
    this.time = time;
    this.routes = routes;
    this.seed = seed;
  }

  openSocket(options: SocketOptions, handlers: SocketHandlers): VirtualSocket | ClosedSocket {
    const route = this.routes.get(new URL(options.url).hostname);
    if (!route) {
      this.time.at(this.time.nowUs(), () => handlers.onClose(ABNORMAL_CLOSURE, `HS_NET_REFUSED: ${options.url}`));
      return new ClosedSocket(this.time);
    }
    return new VirtualSocket(this.time, this.line(options.url), route.endpoint, options, handlers);
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    const route = this.requireRoute(request.url);
    const origin = this.origin(request.url);
    origin.report.requests++;
    return new Promise((resolve, reject) => {
      let connection: KeptConnection | undefined;
      let settled = false;
      const cancelTimeout = this.time.at(this.time.nowUs() + request.timeoutMs * 1000, () => {
        settled = true;
        origin.connections = origin.connections.filter((kept) => kept !== connection);
        const what = `${request.method} ${request.url} got no complete answer within ${request.timeoutMs} ms.`;
        reject(new NetworkError('HS_NET_TIMEOUT', what, 'Ask the venue for the outcome: it is unknown.'));
      });
      this.withConnection(origin, request.url, (free) => {
        if (settled) {
          free.busy = false;
          return;
        }
        connection = free;
        request.onHandedToSocket?.(this.time.nowUs() / 1000);
        this.exchange(route.endpoint, free.line, request, (response) => {
          if (settled) return;
          settled = true;
          cancelTimeout();
          free.busy = false;
          resolve({
            status: response.status,
            headers: lowerCaseNames(response.headers),
            body: response.body,
            receivedAtMs: this.time.nowUs() / 1000,
          });
        });
      });
    });
  }

  async warm(url: string): Promise<void> {
    this.requireRoute(url);
    const origin = this.origin(url);
    if (origin.connections.length > 0) return;
    await new Promise<void>((resolve) => {
      this.withConnection(origin, url, (connection) => {
        connection.busy = false;
        resolve();
      });
    });
  }

  httpReports(): HttpOriginReport[] {
    return [...this.origins.values()].map(({ report }) => ({ ...report }));
  }

  /** Hands over an idle kept connection, or a new one after its handshake; never inside the caller's call. */
  private withConnection(origin: Origin, url: string, use: (connection: KeptConnection) => void): void {
    const idle = origin.connections.find((connection) => !connection.busy);
    if (idle) {
      idle.busy = true;
      this.time.at(this.time.nowUs(), () => use(idle));
      return;
    }
    const connection = { line: this.line(url), busy: true };
    origin.connections.push(connection);
    origin.report.newConnections++;
    connection.line.roundTrip(() => use(connection));
  }

  private exchange(
    endpoint: VenueEndpoint,
    line: VirtualLine,
    request: HttpRequest,
    received: (response: EndpointResponse) => void,
  ): void {
    const { pathname, search } = new URL(request.url);
    const endpointRequest = {
      method: request.method,
      path: pathname + search,
      headers: lowerCaseNames(request.headers),
      body: request.body ?? '',
    };
    line.toVenue(() => endpoint.http(endpointRequest, (response) => line.fromVenue(() => received(response))));
  }

  private origin(url: string): Origin {
    const name = new URL(url).origin;
    let origin = this.origins.get(name);
    if (!origin) {
      origin = { report: { origin: name, requests: 0, newConnections: 0 }, connections: [] };
      this.origins.set(name, origin);
    }
    return origin;
  }

  private requireRoute(url: string): VirtualRoute {
    const route = this.routes.get(new URL(url).hostname);
    if (!route) throw new NetworkError('HS_NET_REFUSED', `Nothing answers at ${url}.`, 'Check the address.');
    return route;
  }

  private line(url: string): VirtualLine {
    const { hostname } = new URL(url);
    const index = [...this.routes.keys()].indexOf(hostname);
    return new VirtualLine(this.time, this.routes.get(hostname)!.link, this.seed + 2 * index);
  }
}

/** What an attempt to reach an unknown host leaves behind. */
class ClosedSocket {
  private readonly time: VirtualTime;
  constructor(time: VirtualTime) {
    this.time = time;
  }
  sendText(): number {
    return this.time.nowUs() / 1000;
  }
  ping(): void {}
  close(): void {}
}
