import { NetworkError } from '../../core/errors.ts';
import type {
  Env,
  HttpOriginReport,
  HttpRequest,
  HttpResponse,
  Network,
  Socket,
  SocketHandlers,
  SocketOptions,
} from '../../env.ts';

/** What the tests' clock must offer (the virtual run's has it). */
export interface ManualTime {
  nowUs(): number;
  at(atUs: number, fn: () => void): () => void;
}

export type ScriptedAnswer = { status?: number; body: unknown; delayMs?: number; date?: string } | 'lost';

const DEFAULT_DELAY_MS = 20;

/** A network whose answers a test writes down: REST by a function, sockets by hand. */
export class ScriptedNetwork implements Network {
  readonly requests: HttpRequest[] = [];
  readonly sockets: ScriptedSocket[] = [];
  /** Undefined = 404. */
  answer: (call: string, query: URLSearchParams, body: unknown) => ScriptedAnswer | undefined = () => undefined;
  private readonly time: ManualTime;

  constructor(time: ManualTime) {
    this.time = time;
  }

  openSocket(options: SocketOptions, handlers: SocketHandlers): Socket {
    const socket = new ScriptedSocket(options.url, handlers, this.time);
    this.sockets.push(socket);
    return socket;
  }

  request(request: HttpRequest): Promise<HttpResponse> {
    this.requests.push(request);
    const { pathname, searchParams } = new URL(request.url);
    const call = `${request.method} ${pathname.replace('/v2', '')}`;
    const body = request.body === undefined ? undefined : (JSON.parse(request.body) as unknown);
    return new Promise((resolve, reject) => {
      this.after(0, () => {
        request.onHandedToSocket?.(this.time.nowUs() / 1000);
        const answer = this.answer(call, searchParams, body) ?? { status: 404, body: { detail: 'Not Found' } };
        if (answer === 'lost') {
          this.after(request.timeoutMs, () => reject(new NetworkError('HS_NET_TIMEOUT', 'no answer', 'ask')));
          return;
        }
        const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
        this.after(answer.delayMs ?? DEFAULT_DELAY_MS, () =>
          resolve({
            status: answer.status ?? 200,
            headers: answer.date === undefined ? {} : { date: answer.date },
            body: text,
            receivedAtMs: this.time.nowUs() / 1000,
          }),
        );
      });
    });
  }

  warm(): Promise<void> {
    return Promise.resolve();
  }

  httpReports(): HttpOriginReport[] {
    return [{ origin: 'https://vest.test', requests: this.requests.length, newConnections: 1 }];
  }

  private after(delayMs: number, fn: () => void): void {
    this.time.at(this.time.nowUs() + delayMs * 1000, fn);
  }
}

export class ScriptedSocket implements Socket {
  readonly url: URL;
  readonly sent: { method: string; params: string[]; id: number }[] = [];
  pings = 0;
  closedByClient = false;
  private readonly handlers: SocketHandlers;
  private readonly time: ManualTime;

  constructor(url: string, handlers: SocketHandlers, time: ManualTime) {
    this.url = new URL(url);
    this.handlers = handlers;
    this.time = time;
  }

  get isPrivate(): boolean {
    return this.url.searchParams.has('listenKey');
  }

  /** Opens and confirms whatever was subscribed. */
  open(): void {
    this.handlers.onOpen();
    for (const { method, id } of this.sent) if (method === 'SUBSCRIBE') this.receive({ result: null, id });
  }

  /** Text, bytes or an object as JSON text. */
  receive(frame: object | string | Uint8Array): void {
    const nowMs = this.time.nowUs() / 1000;
    if (frame instanceof Uint8Array) this.handlers.onBinary(frame, nowMs);
    else this.handlers.onText(typeof frame === 'string' ? frame : JSON.stringify(frame), nowMs);
  }

  drop(code: number): void {
    this.handlers.onClose(code, '');
  }

  sendText(text: string): number {
    this.sent.push(JSON.parse(text) as ScriptedSocket['sent'][number]);
    return this.time.nowUs() / 1000;
  }

  ping(): void {
    this.pings++;
  }

  close(): void {
    this.closedByClient = true;
  }
}

export function scriptedEnv(base: Pick<Env, 'clock' | 'timers'>, network: Network): Env {
  return {
    ...base,
    network,
    random: { next: () => 0.5, bytes: (length) => new Uint8Array(length) },
    get disk(): never {
      throw new Error('the Vest client uses no disk');
    },
  };
}
