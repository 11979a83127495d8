/**
 * The only door out of the engine: clock, timers, randomness, disk and message-level network.
 * Product code runs against `engine/node-env.ts`; the virtual run and the simulator pass their own (engine/simulation).
 * Nothing under engine/ but those implementations may touch Date.now, performance, setTimeout, Math.random, fs or sockets.
 */

export interface Clock {
  /** Milliseconds with sub-ms fraction since an arbitrary start; never steps. Every duration is taken from it. */
  monotonicMs(): number;
  /** Milliseconds with sub-ms fraction since the Unix epoch; may step. Only for what venues and people read. */
  wallMs(): number;
}

export interface Timers {
  /** Calls `fn` once after `delayMs` (>= 0), never earlier: what waits for a deadline finds it passed. Returns a function that cancels it; cancelling twice is allowed. */
  after(delayMs: number, fn: () => void): () => void;
  /** Calls `fn` every `periodMs` on a fixed schedule until cancelled. */
  every(periodMs: number, fn: () => void): () => void;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
}

/** A file opened for appending. Writes are queued in order; `sync` resolves when all earlier writes are durable. */
export interface AppendFile {
  append(data: string): void;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Paths are absolute. Every method rejects with an Error whose message names the path. */
export interface Disk {
  readText(path: string): Promise<string>;
  /** Undefined when there is no such file. */
  sizeOf(path: string): Promise<number | undefined>;
  openAppend(path: string): Promise<AppendFile>;
  /** Replaces the file in one step (write beside it, sync, rename). */
  writeAtomically(path: string, text: string): Promise<void>;
  /** Cuts the file to `length` bytes. */
  truncate(path: string, length: number): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  list(path: string): Promise<string[]>;
}

export interface SocketOptions {
  url: string;
  headers?: Record<string, string>;
  /** Rejected with `NetworkError` code HS_NET_TIMEOUT when not open by then. */
  openTimeoutMs: number;
}

export interface SocketHandlers {
  onOpen(): void;
  /** Text frame. `receivedAtMs` is monotonic, taken at the entry of the socket's callback. */
  onText(text: string, receivedAtMs: number): void;
  /** Binary frame; the bytes are valid during the call only. */
  onBinary(bytes: Uint8Array, receivedAtMs: number): void;
  /** Called exactly once, also when opening failed. */
  onClose(code: number, reason: string): void;
  /** Answer to `ping()`: round trip in ms. */
  onPong(roundTripMs: number): void;
}

export interface Socket {
  /** Hands one text frame to the operating system. Returns the monotonic time at which it was handed over (t4). */
  sendText(text: string): number;
  ping(): void;
  close(code?: number, reason?: string): void;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** Monotonic time at which the request's bytes were handed to the socket (t4); not the time of the call. */
  onHandedToSocket?(atMs: number): void;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
  receivedAtMs: number;
}

/** How one origin's keep-alive connections were used: the window shows "reused N, new 0". */
export interface HttpOriginReport {
  origin: string;
  requests: number;
  newConnections: number;
}

export interface Network {
  openSocket(options: SocketOptions, handlers: SocketHandlers): Socket;
  /** Rejects with NetworkError only when no complete answer came; an HTTP error status is an answer. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Opens (or keeps open) a warm keep-alive connection to the origin of `url`. */
  warm(url: string): Promise<void>;
  httpReports(): HttpOriginReport[];
}

export interface Env {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly disk: Disk;
  readonly network: Network;
}
