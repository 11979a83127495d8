import type { LatencyBucket } from '../../engine/protocol/model.ts';
import type { Scale } from './scale.ts';

/** Paths of percentiles over time: each bucket is a step, a missing bucket breaks the line. Pure. */

type Pick = (bucket: LatencyBucket) => number | undefined;

interface Step {
  x1: number;
  x2: number;
  y: number;
  lower: number;
}

/** Runs of adjoining buckets that have both values. */
function runs(buckets: readonly LatencyBucket[], x: Scale, y: Scale, upper: Pick, lower: Pick): Step[][] {
  const result: Step[][] = [];
  let endAt = Number.NaN;
  for (const bucket of buckets) {
    const top = upper(bucket);
    const bottom = lower(bucket);
    if (top === undefined || bottom === undefined) continue;
    const step = { x1: x(bucket.startAt), x2: x(bucket.startAt + bucket.lengthMs), y: y(top), lower: y(bottom) };
    const run = result.at(-1);
    if (run && bucket.startAt === endAt) run.push(step);
    else result.push([step]);
    endAt = bucket.startAt + bucket.lengthMs;
  }
  return result;
}

const place = (value: number) => value.toFixed(1);

export function linePath(buckets: readonly LatencyBucket[], x: Scale, y: Scale, value: Pick): string {
  return runs(buckets, x, y, value, value)
    .map(
      (run) =>
        `M${run.map((step) => `${place(step.x1)} ${place(step.y)}L${place(step.x2)} ${place(step.y)}`).join('L')}`,
    )
    .join('');
}

export function bandPath(buckets: readonly LatencyBucket[], x: Scale, y: Scale, upper: Pick, lower: Pick): string {
  return runs(buckets, x, y, upper, lower)
    .map((run) => {
      const top = run.map((step) => `${place(step.x1)} ${place(step.y)}L${place(step.x2)} ${place(step.y)}`);
      const back = run
        .toReversed()
        .map((step) => `${place(step.x2)} ${place(step.lower)}L${place(step.x1)} ${place(step.lower)}`);
      return `M${top.join('L')}L${back.join('L')}Z`;
    })
    .join('');
}
