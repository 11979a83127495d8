import type { LegRecord } from '../../engine/protocol/model.ts';

export interface BookRow {
  priceE8: number;
  sizeE8: number;
  /** How much of the level our fills took. */
  takenE8: number;
}

/** The levels a leg saw at detection with what its fills took of each, and the fills that met no such level. */
export function consumedLevels(leg: Pick<LegRecord, 'bookAtDetection' | 'fills'>): {
  rows: BookRow[];
  elsewhere: { priceE8: number; sizeE8: number }[];
} {
  const rows = leg.bookAtDetection.map(([priceE8, sizeE8]) => ({ priceE8, sizeE8, takenE8: 0 }));
  const elsewhere: { priceE8: number; sizeE8: number }[] = [];
  for (const fill of leg.fills) {
    const row = rows.find((each) => each.priceE8 === fill.priceE8);
    if (row) row.takenE8 = Math.min(row.sizeE8, row.takenE8 + fill.sizeE8);
    else elsewhere.push({ priceE8: fill.priceE8, sizeE8: fill.sizeE8 });
  }
  return { rows, elsewhere };
}
