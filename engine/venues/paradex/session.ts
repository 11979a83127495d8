import { errorMessage } from '../../core/errors.ts';
import type { Env } from '../../env.ts';
import type { SignerPort } from '../signer/port.ts';
import type { ParadexRest } from './rest.ts';

/** Tokens live for 300 s and cannot be extended; Paradex advises a new one after three minutes. */
const RENEW_EVERY_MS = 180_000;
const RETRY_AFTER_MS = 5_000;
const SIGNATURE_LIFE_S = 1_800;

export interface SessionOptions {
  env: Env;
  rest: ParadexRest;
  signer: SignerPort;
  accountAddress: string;
  interactive: boolean;
  publicKey?: string;
  /** Venue's wall clock, ms: the venue judges the login's time stamp by it. */
  venueNowMs(): number;
  onFailure(message: string): void;
}

/** Keeps a fresh login token for REST and for the next WebSocket login. */
export class ParadexSession {
  private readonly options: SessionOptions;
  private cancelRenewal: (() => void) | undefined;
  private renewing: Promise<string> | undefined;
  private tokenAtMs = Number.NEGATIVE_INFINITY;
  private token = '';
  private stopped = false;

  constructor(options: SessionOptions) {
    this.options = options;
    options.rest.renewToken = async () => {
      await this.renew();
    };
  }

  /** A token younger than three minutes: at once when there is one. */
  async freshToken(): Promise<string> {
    const ageMs = this.options.env.clock.monotonicMs() - this.tokenAtMs;
    return ageMs < RENEW_EVERY_MS ? this.token : this.renew();
  }

  /** Logs in now; calls at the same time share one login. Renewal goes on by itself from then. */
  renew(): Promise<string> {
    this.renewing ??= this.login().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  stop(): void {
    this.stopped = true;
    this.cancelRenewal?.();
  }

  private async login(): Promise<string> {
    const { env, rest, signer, accountAddress, interactive, publicKey } = this.options;
    const timestampS = Math.floor(this.options.venueNowMs() / 1000);
    const expirationS = timestampS + SIGNATURE_LIFE_S;
    const { signature } = await signer.sign({ kind: 'paradex.auth', timestampS, expirationS });
    this.token = await rest.login({ accountAddress, signature, timestampS, expirationS }, { interactive, publicKey });
    this.tokenAtMs = env.clock.monotonicMs();
    this.schedule(RENEW_EVERY_MS);
    return this.token;
  }

  private schedule(afterMs: number): void {
    this.cancelRenewal?.();
    if (this.stopped) return;
    this.cancelRenewal = this.options.env.timers.after(afterMs, () => {
      this.renew().catch((error: unknown) => {
        this.options.onFailure(errorMessage(error));
        this.schedule(RETRY_AFTER_MS);
      });
    });
  }
}
