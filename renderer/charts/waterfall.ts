import type { LegRecord } from '../../engine/protocol/model.ts';
import type { Scale } from './scale.ts';
import type { Stage } from './stages.ts';

/** Named moments of a leg that the waterfall marks; in time order. */
const MARKED = ['t4', 't5', 't6', 't7', 't8'] as const;

export interface StampMark {
  name: string;
  ms: number;
  x: number;
  /** Its name would cover the one before: only the line is drawn. */
  named: boolean;
}

const NAME_GAP_PX = 15;

/** Marks of the leg's stamps at pixel places; the confirmation keeps its name before others. */
export function stampMarks(stamps: LegRecord['stamps'], x: Scale): StampMark[] {
  const marks = MARKED.flatMap((name) => {
    const ms = stamps[name];
    return ms === undefined ? [] : [{ name, ms, x: x(ms), named: true }];
  });
  let nextX = Infinity;
  for (const mark of marks.toReversed()) {
    if (nextX - mark.x < NAME_GAP_PX) mark.named = false;
    else nextX = mark.x;
  }
  return marks;
}

/** Axis of a waterfall: from the earliest stretch to the latest, with room at both ends. */
export function waterfallRange(stages: readonly Stage[]): [number, number] {
  const low = Math.min(0, ...stages.map((stage) => stage.from));
  const high = Math.max(1, ...stages.map((stage) => stage.to));
  const room = (high - low) * 0.02;
  return [low - room, high + room];
}
