import { HalfspreadError } from '../../engine/protocol/errors.ts';

/** Why the desk does not move, lock or unlock. Nothing was changed by any of them. */

export function moveUnderWay(): HalfspreadError {
  return new HalfspreadError('HS_MOVE_RUNNING', 'The desk is being moved already.', 'Wait until that is over.');
}

export function siteBusy(site: string): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_BUSY',
    `Something else is being done on ${site} at the moment. The desk was not moved.`,
    'Wait until it is over, then move the desk.',
  );
}

export function noLink(site: string, why: string | undefined): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_NO_LINK',
    `There is no connection to the agent on ${site}${why === undefined ? '' : ` (${why})`}. The desk was not moved.`,
    `See that the agent runs and that its port can be reached from here: halfspread site doctor ${site}.`,
  );
}

export function occupied(site: string): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_OCCUPIED',
    `The agent on ${site} is unlocked: it runs a desk that is not this one. The desk was not moved.`,
    'Lock it from where it was unlocked, or restart it (it comes back locked), then move the desk.',
  );
}

export function notFlat(why: string): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_NOT_FLAT',
    `The live desk is not flat (${why}). Positions cannot be moved between engines. Nothing was changed.`,
    'Close all, wait until it is flat, then move it.',
  );
}

export function stillArmed(): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_ARMED',
    'The live desk is armed: it may open a position at any moment. Nothing was changed.',
    'Disarm it, then move it.',
  );
}

export function deskUnknown(): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_UNKNOWN',
    'A live engine runs and cannot be asked whether it is flat. Nothing was changed.',
    'Wait until the link to it is back, then move the desk.',
  );
}

export function unreachable(site: string): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_UNREACHABLE',
    `The agent on ${site} holds the right to trade and cannot be reached: it may be trading. Nothing was changed.`,
    `Two engines never trade at once. Wait for the link, or stop the agent over SSH first: halfspread site stop ${site}.`,
  );
}

export function listNotWhole(): HalfspreadError {
  return new HalfspreadError(
    'HS_MOVE_LIST',
    'The list of sites could not be read at start, so it is not known whether the engine that holds the right to trade runs. Nothing was changed.',
    'Put the list back (config/sites.json, its copy was kept beside it) and restart Halfspread.',
  );
}

export function nothingToLock(): HalfspreadError {
  return new HalfspreadError(
    'HS_PLACE_HERE',
    'The desk runs on this machine: there is no agent to lock or unlock.',
    'Move the desk to a site first.',
  );
}

export function notStarted(): HalfspreadError {
  return new HalfspreadError(
    'HS_PLACE_NO_DESK',
    'There is no desk to be run yet: the mode waits for something (keys, config, practice venues).',
    'Look at what the mode waits for, then try again.',
  );
}

export function venuesNotReady(): HalfspreadError {
  return new HalfspreadError(
    'HS_PLACE_VENUES',
    'The practice venues do not run yet; the agent stays locked until they do.',
    'Wait a moment: it is unlocked by itself then.',
  );
}

export function notOnThisMachine(site: string): HalfspreadError {
  return new HalfspreadError(
    'HS_PLACE_ELSEWHERE',
    `The engine does not run on this machine but on ${site}. Nothing was started here.`,
    'Start, stop or restart it on the Sites page.',
  );
}

export function placeGone(): HalfspreadError {
  return new HalfspreadError(
    'HS_PLACE_GONE',
    'The right to trade was given to an agent that is not in the list of sites any more. No engine trades.',
    'Move the desk to this machine or to another site (Sites page).',
  );
}
