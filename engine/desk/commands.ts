import { HalfspreadError } from '../core/errors.ts';
import type { LedgerComparison } from '../measure/ledger.ts';
import type { Command, SpikeSensitivity } from '../protocol/messages.ts';
import type { Trade, TradingState } from '../protocol/model.ts';
import type { DeskArming } from './arming.ts';

/** What a client's command can do to a desk. */
export interface CommandedDesk {
  trading(): TradingState;
  setTrading(trading: TradingState, code?: string, message?: string): void;
  /** Closes what is open; resolves with whether all of it is closed and booked. */
  closeAll(): Promise<boolean>;
  /** Every trade of the journal, latest state. */
  trades(): Trade[];
  ledger(): Promise<LedgerComparison>;
  /** Live desks only. */
  arming: DeskArming | undefined;
  setSpikeSensitivity(sensitivity: SpikeSensitivity): void;
}

const DEFAULT_LIST_LENGTH = 100;

/** @throws HalfspreadError HS_COMMAND_REFUSED, HS_NOT_LIVE, HS_DISARMED, HS_ARM_*, HS_NOT_AN_AGENT */
export async function executeCommand(desk: CommandedDesk, command: Command): Promise<unknown> {
  switch (command.name) {
    case 'start':
      if (desk.trading() === 'halted' || desk.trading() === 'starting') {
        throw new HalfspreadError(
          'HS_COMMAND_REFUSED',
          `The desk is ${desk.trading()}: entries cannot be opened now.`,
          'Overview says what is open and why; close it first.',
        );
      }
      desk.arming?.requireArmed();
      desk.setTrading('trading');
      return {};
    case 'pause':
      pause(desk, 'Entries are paused; exits go on.');
      return {};
    case 'stop':
      desk.arming?.disarmFor('operator');
      pause(desk, 'Stopped by the operator.');
      return { closed: await desk.closeAll() };
    case 'closeAll':
      pause(desk, 'Everything is closed; entries are paused.');
      return { closed: await desk.closeAll() };
    case 'trades.list': {
      const { beforeId = Number.POSITIVE_INFINITY, limit = DEFAULT_LIST_LENGTH } = command;
      const older = desk.trades().filter((trade) => trade.id < beforeId);
      return older.sort((a, b) => b.id - a.id).slice(0, limit);
    }
    case 'ledger':
      return desk.ledger();
    case 'arm':
      await liveArming(desk, command).arm(command.limits);
      return {};
    case 'disarm':
      liveArming(desk, command).disarmFor(command.reason);
      return {};
    case 'arming.check':
      return liveArming(desk, command).report();
    case 'unlock':
    case 'lock':
    case 'term.set':
    case 'agent.pins':
    case 'agent.rotate':
    case 'device.rotate':
      throw new HalfspreadError(
        'HS_NOT_AN_AGENT',
        `"${command.name}" is for an agent on a server; this engine runs on the desktop’s machine. Nothing was done.`,
        'Choose the server’s site first.',
      );
    case 'spikes.sensitivity':
      desk.setSpikeSensitivity(command.sensitivity);
      return {};
    case 'diagnose':
      // Answered by the process around the desk (agent/with-facts.ts); a simulated desk has none.
      throw new HalfspreadError(
        'HS_COMMAND_REFUSED',
        'This desk has no process of its own to tell of.',
        'Ask an engine that runs as a program.',
      );
  }
}

function liveArming({ arming }: CommandedDesk, command: Command): DeskArming {
  if (arming) return arming;
  throw new HalfspreadError(
    'HS_NOT_LIVE',
    `"${command.name}" belongs to live trading; this desk sends no real order. Nothing was done.`,
    'Start the desk in live mode first.',
  );
}

function pause(desk: CommandedDesk, message: string): void {
  if (desk.trading() === 'trading') desk.setTrading('paused', 'HS_PAUSED', message);
}
