import { mean, median, quantileSorted, sampleStandardDeviation } from 'simple-statistics';
import type { Distribution } from '../protocol/model.ts';

/** Under this many values (or blocks) no interval is given: a bootstrap of fewer says little. */
export const MIN_N_FOR_INTERVAL = 8;

export interface DistributionOptions {
  /** Uniform in [0, 1); pass `seededRandom` for the same interval each time. */
  random: () => number;
  /** Resamples of the bootstrap. */
  resamples?: number;
  /**
   * Block of each value (say the tape time it comes from): whole blocks are resampled, so that repeats of one
   * opportunity do not count as new evidence. Without it every value is its own block.
   */
  blocks?: readonly (number | string)[];
}

/**
 * n, mean, median, p95 (interpolated), sample sd and the 95 % percentile-bootstrap interval of the mean.
 * @throws RangeError when a value is not finite
 */
export function describeDistribution(values: readonly number[], options: DistributionOptions): Distribution {
  const n = values.length;
  if (values.some((value) => !Number.isFinite(value))) throw new RangeError('a distribution needs finite values');
  if (n === 0) return { n };
  const sorted = [...values].sort((a, b) => a - b);
  const figures = { n, mean: mean(sorted), median: median(sorted), p95: quantileSorted(sorted, 0.95) };
  if (n === 1) return figures;
  return { ...figures, sd: sampleStandardDeviation(sorted), ci95: bootstrapInterval(values, options) };
}

/** Percentile bootstrap of the mean over blocks; undefined under MIN_N_FOR_INTERVAL blocks. */
function bootstrapInterval(values: readonly number[], options: DistributionOptions): [number, number] | undefined {
  const { random, resamples = 1000, blocks } = options;
  const sums = new Map<number | string, { sum: number; n: number }>();
  values.forEach((value, index) => {
    const key = blocks ? blocks[index]! : index;
    const block = sums.get(key) ?? { sum: 0, n: 0 };
    block.sum += value;
    block.n++;
    sums.set(key, block);
  });
  const blockList = [...sums.values()];
  if (blockList.length < MIN_N_FOR_INTERVAL) return undefined;
  const means: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    let n = 0;
    for (let draw = 0; draw < blockList.length; draw++) {
      const block = blockList[Math.floor(random() * blockList.length)]!;
      sum += block.sum;
      n += block.n;
    }
    means.push(sum / n);
  }
  means.sort((a, b) => a - b);
  return [quantileSorted(means, 0.025), quantileSorted(means, 0.975)];
}

/** Uniform in [0, 1) by splitmix32: for statistics only, never for keys or order ids. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
