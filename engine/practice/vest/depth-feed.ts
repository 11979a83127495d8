import type { PracticeHost } from '../host.ts';
import { depthView } from './market-data.ts';
import type { VestMarket } from './state.ts';
import type { VestPracticeSwitches } from './switches.ts';

export interface DepthListeners {
  hasListeners(): boolean;
  send(data: unknown): void;
}

/**
 * When `{symbol}@depth` speaks: on each change of the touch, at most every `depthIntervalMs`; the last change inside an
 * interval is sent at its end. Each message is the whole ladder, so nothing is lost by leaving changes out.
 */
export class DepthFeed {
  private readonly host: PracticeHost;
  private readonly market: VestMarket;
  private readonly switches: VestPracticeSwitches;
  private readonly listeners: DepthListeners;
  private lastSentUs = Number.NEGATIVE_INFINITY;
  private cancelPending: (() => void) | undefined;

  constructor(host: PracticeHost, market: VestMarket, switches: VestPracticeSwitches, listeners: DepthListeners) {
    this.host = host;
    this.market = market;
    this.switches = switches;
    this.listeners = listeners;
  }

  onBook(touchChanged: boolean): void {
    if (this.cancelPending || !this.listeners.hasListeners()) return;
    const nowUs = this.host.nowUs();
    const silentUs = nowUs - this.lastSentUs;
    if (!touchChanged && silentUs < this.switches.depthMaxSilenceMs * 1000) return;
    const waitUs = this.switches.depthIntervalMs * 1000 - silentUs;
    if (waitUs <= 0) {
      this.send();
      return;
    }
    this.cancelPending = this.host.schedule(nowUs + waitUs, () => {
      this.cancelPending = undefined;
      this.send();
    });
  }

  /** The ladder now; undefined before the market opens. */
  snapshot(): unknown {
    return this.market.replay.isOpen() ? depthView(this.market, this.switches.depthLevels) : undefined;
  }

  stop(): void {
    this.cancelPending?.();
    this.cancelPending = undefined;
  }

  private send(): void {
    const data = this.snapshot();
    if (data === undefined) return;
    this.lastSentUs = this.host.nowUs();
    this.listeners.send(data);
  }
}
