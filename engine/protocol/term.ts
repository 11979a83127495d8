/**
 * Terms: the fence that lets one engine trade at a time (product.md 7). Each grant has a number higher than all before it
 * and one holder. Every engine and the desktop keep on disk the highest they have seen; who does not hold the highest one
 * only reads. Pure.
 */
import { z } from 'zod';

export const termSchema = z.strictObject({
  /** 0: nothing was ever granted. */
  term: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Who may trade under it: an agent's id, or the desktop's name for its own engine; empty at term 0. */
  holder: z.string().max(64),
});
export type Term = z.infer<typeof termSchema>;

export const NO_TERM: Term = { term: 0, holder: '' };
/** Holder's name of the engine that runs on the desktop's own machine. */
export const LOCAL_HOLDER = 'local';

/** Whether the engine called `engine` may trade, as far as `known` goes. */
export function holdsTerm(known: Term, engine: string): boolean {
  return known.term > 0 && known.holder === engine;
}

/** What is known after hearing of `heard`; undefined when that is older, or another holder of the same number. */
export function laterTerm(known: Term, heard: Term): Term | undefined {
  if (heard.term > known.term) return heard;
  return heard.term === known.term && heard.holder === known.holder ? known : undefined;
}
