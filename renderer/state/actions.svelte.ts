/** What the person can make the desk do, with its busy and failed states. */
import { z } from 'zod';
import type { TradingState } from '../../engine/protocol/model.ts';
import { holdsPositions } from '../../engine/protocol/reading.ts';
import { CallError } from '../bridge/call-error.ts';
import { text } from '../i18n/locale.svelte.ts';
import { failureOf, type Failure } from './failure.ts';
import { openTrades } from './selectors.ts';
import { session } from './session.svelte.ts';

/** What `stop` and `closeAll` answer: whether everything was closed before their time was over. */
const closeResult = z.object({ closed: z.boolean() });

export type DeskAction = 'start' | 'pause' | 'stop' | 'closeAll';

class DeskActions {
  busy = $state.raw<{ action: DeskAction | 'market'; sinceAt: number }>();
  failed = $state.raw<{ action: DeskAction | 'market' | 'display' | 'display'; failure: Failure }>();
  dialog = $state.raw<'closeAll' | 'stop' | 'market' | 'keys' | 'quit' | 'bundle' | 'mode' | 'arm'>();

  /** Why an action cannot be done now, in words; undefined when it can. */
  refusal(action: DeskAction): string | undefined {
    const state = this.#state();
    if (!state) return text('action.noEngine');
    switch (action) {
      case 'start':
        if (session.snapshot?.arming?.state === 'disarmed') return text('arm.startNot');
        return state === 'trading' ? text('action.startNot.trading') : undefined;
      case 'pause':
        return state === 'trading' ? undefined : text('action.pauseNot');
      case 'stop':
        return state === 'stopped' || (state === 'paused' && !this.#holdsPositions())
          ? text('action.stopNot')
          : undefined;
      case 'closeAll':
        return this.#holdsPositions() || state === 'halted' ? undefined : text('action.closeNot');
    }
  }

  /** Does it, or first asks where open positions would be left or closed. */
  request(action: DeskAction): void {
    if (this.busy || this.refusal(action)) return;
    const open = session.snapshot ? openTrades(session.snapshot).length : 0;
    if (action === 'closeAll') this.dialog = 'closeAll';
    else if (action === 'stop' && open > 0) this.dialog = 'stop';
    else void this.run(action);
  }

  async run(action: DeskAction): Promise<void> {
    await this.track(action, async () => {
      const result = closeResult.safeParse(await session.command({ name: action }));
      if (result.success && !result.data.closed) {
        throw new CallError('HS_CLOSE_UNFINISHED', text('action.notClosed'), text('action.notClosed.remedy'));
      }
    });
  }

  async track(action: DeskAction | 'market', work: () => Promise<unknown>): Promise<void> {
    this.busy = { action, sinceAt: Date.now() };
    this.failed = undefined;
    try {
      await work();
    } catch (error) {
      this.failed = { action, failure: failureOf(error) };
    } finally {
      this.busy = undefined;
    }
  }

  #holdsPositions(): boolean {
    return session.snapshot !== undefined && holdsPositions(session.snapshot);
  }

  #state(): TradingState | undefined {
    if (session.windowLink.state === 'lost' || session.app?.link.state !== 'ready') return undefined;
    return session.snapshot?.trading;
  }
}

export const actions = new DeskActions();
