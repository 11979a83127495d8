import type { BotConfig } from '../config/schema.ts';
import type { DeskEvent, TradingState } from '../protocol/model.ts';
import type { DeskVenue } from './desk-order.ts';
import type { EntryGate } from './entry-gate.ts';
import { ladderWantsOf } from './plan.ts';

export interface SwitchedDesk {
  venues: readonly [DeskVenue, DeskVenue];
  gate: EntryGate;
  /** Markets are known: orders can be signed ahead. */
  started: boolean;
  sizeE8: number;
  bot: BotConfig;
  publish(event: DeskEvent): void;
}

/** Whether entries may be opened, in one place: the entry checks, the signed-ahead orders and the clients follow it. */
export class TradingSwitch {
  state: TradingState = 'starting';
  private code: string | undefined;
  private readonly desk: SwitchedDesk;

  constructor(desk: SwitchedDesk) {
    this.desk = desk;
  }

  /** @param code why it is not trading, with English text */
  set(trading: TradingState, code?: string, message?: string): void {
    const { facts } = this.desk.gate;
    facts.halted = trading === 'halted' || (facts.halted && trading !== 'trading');
    facts.paused = trading !== 'trading';
    if (trading === this.state && code === this.code) return;
    const changed = trading !== this.state;
    this.state = trading;
    this.code = code;
    if (changed) this.tendLadders();
    this.desk.publish({ type: 'trading', trading, reason: code ? { code, message: message ?? '' } : undefined });
  }

  /** Orders signed ahead are authority to trade: they exist while entries are open and not a moment longer. */
  private tendLadders(): void {
    const { venues, started, sizeE8, bot } = this.desk;
    for (const venue of venues) {
      if (this.state !== 'trading') venue.client.dropLadder();
      else if (started) venue.client.setLadder(ladderWantsOf(venue, sizeE8, bot));
    }
  }
}
