/** What the desk did at two places, held against each other. Pure. */
import type { Distribution } from '../../engine/protocol/model.ts';
import type { PlaceFigures } from '../../main/ipc/place-schema.ts';

export interface BeforeAfterRow {
  figure: 'orderToAck' | 'slippage';
  here: Distribution;
  there: Distribution;
  /** Mean there less mean here, in the figure's unit; absent where one of them has none. */
  difference?: number;
  verdict: 'less' | 'more' | 'notShown' | 'tooFew';
}

export interface BeforeAfter {
  here: PlaceFigures;
  there: PlaceFigures;
  rows: BeforeAfterRow[];
}

/**
 * The latest of this machine and of the site that were measured on the same market, tape, fees and mode: what differs is
 * the place (and in practice the line it stands for). Undefined while there are no such two.
 */
export function beforeAndAfter(figures: readonly PlaceFigures[], site: string): BeforeAfter | undefined {
  for (const there of figures) {
    if (there.site !== site) continue;
    const here = figures.find((one) => one.site === undefined && isComparable(one, there));
    if (!here) continue;
    const rows = (['orderToAck', 'slippage'] as const).map((figure) => rowOf(figure, here[figure], there[figure]));
    return { here, there, rows };
  }
  return undefined;
}

function isComparable(a: PlaceFigures, b: PlaceFigures): boolean {
  return a.mode === b.mode && a.tape === b.tape && a.market === b.market && a.fees === b.fees;
}

/** A difference is shown when the two 95 % intervals do not overlap: stricter than an interval of the difference. */
function rowOf(figure: BeforeAfterRow['figure'], here: Distribution, there: Distribution): BeforeAfterRow {
  const difference = here.mean === undefined || there.mean === undefined ? undefined : there.mean - here.mean;
  const row = { figure, here, there, ...(difference !== undefined && { difference }) };
  if (!here.ci95 || !there.ci95) return { ...row, verdict: 'tooFew' };
  if (there.ci95[1] < here.ci95[0]) return { ...row, verdict: 'less' };
  return { ...row, verdict: there.ci95[0] > here.ci95[1] ? 'more' : 'notShown' };
}

/** Ends of the axis that holds both intervals of a row, zero in it. */
export function axisOf({ here, there }: BeforeAfterRow): { from: number; to: number } {
  const ends = [
    0,
    ...[here, there].flatMap(({ ci95, mean }) => [...(ci95 ?? []), ...(mean === undefined ? [] : [mean])]),
  ];
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return from === to ? { from, to: from + 1 } : { from, to };
}
