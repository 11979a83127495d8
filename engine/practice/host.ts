/**
 * What a built-in venue needs from the process it runs in. The real host (engine/practice/server) serves it over HTTP and
 * WebSocket on loopback; the virtual host (engine/simulation) calls it on a virtual clock. The venue cannot tell which.
 */
export interface PracticeHost {
  /** The venue's own clock, microseconds since the Unix epoch (integer). */
  nowUs(): number;
  /** Runs `fn` at `atUs` (at once when past) and returns a function that cancels it. Same time = order of the calls. */
  schedule(atUs: number, fn: () => void): () => void;
  /** Uniform in [0, 1), seeded. */
  random(): number;
}

export interface EndpointRequest {
  method: string;
  /** Path with query, e.g. "/v1/orders?market=BTC-USD-PERP". */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

export interface EndpointResponse {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** The venue's side of one WebSocket. */
export interface EndpointConnection {
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

export interface EndpointSession {
  onText(text: string): void;
  onClose(): void;
}

/** A whole venue at message level, without sockets. `reply` is called exactly once, possibly later. */
export interface VenueEndpoint {
  http(request: EndpointRequest, reply: (response: EndpointResponse) => void): void;
  /** Decides about an upgrade request; on acceptance the returned session lives until onClose. */
  upgrade(
    request: { path: string; headers: Record<string, string> },
    connection: EndpointConnection,
  ): { accepted: true; session: EndpointSession } | { accepted: false; status: number; body: string };
  /** Stops timers; open connections are closed by the host. */
  stop(): void;
}

/** Fees of the practice venues. `published` = what the venues publish; the window shows which is on. */
export type FeeSchedule =
  { kind: 'published' } | { kind: 'zero' } | { kind: 'custom'; paradexTakerBps: number; vestTakerBps: number };

/** A throw-away account of the practice venues; keys are 0x hex. */
export interface PracticeAccounts {
  paradex: { ethPrivateKey: string; ethAddress: string; l2PrivateKey: string; address: string }[];
  vest: { primaryPrivateKey: string; signingPrivateKey: string; apiKey: string }[];
}
