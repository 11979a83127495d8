/** The harness: both sides measured in turns, so that whatever else the machine does falls on both alike. */

export interface Rounds {
  ours: number[];
  peer: number[];
}

export interface Contest {
  rounds: number;
  /** Rounds before the first that counts: code compiled, caches filled. */
  warmUpRounds: number;
  /** Runs one round and returns what it took, in the unit of the bench; undefined = did not happen, asked again. */
  ours(round: number): number | undefined | Promise<number | undefined>;
  peer(round: number): number | undefined | Promise<number | undefined>;
}

/** A side that fails this often in one round will never finish. */
const MAX_TRIES = 20;

/** Ours and the peer's round one after the other; who begins alternates. `round` counts on through warm-up and rounds. */
export async function interleave({ rounds, warmUpRounds, ours, peer }: Contest): Promise<Rounds> {
  const result: Rounds = { ours: [], peer: [] };
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    const durations = { ours: Number.NaN, peer: Number.NaN };
    const order = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const);
    for (const name of order) durations[name] = await measured(name, name === 'ours' ? ours : peer, round);
    if (round < warmUpRounds) continue;
    result.ours.push(durations.ours);
    result.peer.push(durations.peer);
  }
  return result;
}

async function measured(name: string, side: Contest['ours'], round: number): Promise<number> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const duration = await side(round);
    if (duration !== undefined) return duration;
  }
  throw new Error(`"${name}" gave no figure ${MAX_TRIES} times in round ${round}`);
}

/** Duration of one call in microseconds, averaged over `repeats` calls: for what is shorter than the clock is fine. */
export function timedUs(repeats: number, call: (index: number) => void): number {
  const startedMs = performance.now();
  for (let index = 0; index < repeats; index++) call(index);
  return ((performance.now() - startedMs) * 1000) / repeats;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the two nearest ranks; `share` in [0, 1]. @throws RangeError without values. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no quantile of no values');
  const sorted = [...values].sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const lower = sorted[below]!;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lower + (upper - lower) * (rank - below);
}
