import type { QuitPlan } from '../ipc/desktop-schema.ts';

/** The plan for a terminal, in English as everything there. Pure. */
export function quitSentence({ engine, openTrades, holdsPositions, closesWithinMs, remotes }: QuitPlan): string {
  const within = `${closesWithinMs / 1000} s at most`;
  const first =
    engine === 'none'
      ? 'Stopping'
      : openTrades > 0
        ? `Stopping: the engine closes ${openTrades === 1 ? 'its open trade' : `${openTrades} open trades`} first (${within})`
        : holdsPositions || engine === 'unknown'
          ? `Stopping: the engine closes what it has open first (${within})`
          : 'Stopping: the engine first';
  const goesOn =
    remotes.length === 0
      ? ''
      : ` ${remotes.map(({ name }) => name).join(', ')} ${remotes.length === 1 ? 'keeps' : 'keep'} running.`;
  return `${first}${engine === 'none' ? '' : ', then the practice venues'}.${goesOn}`;
}
