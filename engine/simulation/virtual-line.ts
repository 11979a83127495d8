import type { LinkProfileLeg } from '../practice/links/presets.ts';
import { FifoDelay } from '../practice/links/delay.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One virtual connection through a leg's link: what is sent in one direction arrives in order. */
export class VirtualLine {
  private readonly time: VirtualTime;
  private readonly up: FifoDelay;
  private readonly down: FifoDelay;

  /** All lines of a leg share `seed`: they are on the same wire and see the same jitter at the same time. */
  constructor(time: VirtualTime, link: LinkProfileLeg, seed: number) {
    this.time = time;
    this.up = new FifoDelay(link.toVenue, seed);
    this.down = new FifoDelay(link.fromVenue, seed + 1);
  }

  /** Runs `deliver` at the venue. */
  toVenue(deliver: () => void): void {
    this.time.at(this.up.arrivalUs(this.time.nowUs()), deliver);
  }

  /** Runs `deliver` at the client. */
  fromVenue(deliver: () => void): void {
    this.time.at(this.down.arrivalUs(this.time.nowUs()), deliver);
  }

  /** One round trip (TCP handshake, ping), then `done` at the client. */
  roundTrip(done: () => void): void {
    this.toVenue(() => this.fromVenue(done));
  }
}
