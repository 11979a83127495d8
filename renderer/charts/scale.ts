/** Scales, ticks and label places of the charts. Pure: numbers in, numbers out. */

export type Scale = (value: number) => number;

/** Maps [from, to] to [start, end] in pixels; an empty range maps to the middle. */
export function linearScale(from: number, to: number, start: number, end: number): Scale {
  if (from === to) return () => (start + end) / 2;
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** The same on a logarithmic axis; `from` and `to` positive, values below `from` stay at its place. */
export function logScale(from: number, to: number, start: number, end: number): Scale {
  const scale = linearScale(Math.log(from), Math.log(to), start, end);
  return (value) => scale(Math.log(Math.max(value, from)));
}

/** Step of 1, 2 or 5 times a power of ten whose number over `span` is nearest to `count`, by ratio. */
export function niceStep(span: number, count: number): number {
  if (!(span > 0)) return 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const rest = rough / power;
  const multiple = rest >= Math.sqrt(50) ? 10 : rest >= Math.sqrt(10) ? 5 : rest >= Math.SQRT2 ? 2 : 1;
  return multiple * power;
}

/** Round values inside [from, to], about `count` of them. */
export function ticks(from: number, to: number, count: number): number[] {
  const step = niceStep(to - from, count);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** 1, 2, 5 times powers of ten inside [from, to]; only the powers where that would be more than `count`. */
export function logTicks(from: number, to: number, count: number): number[] {
  const all: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    for (const multiple of [1, 2, 5]) {
      const value = Number((power * multiple).toPrecision(6));
      if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)) all.push(value);
    }
  }
  if (all.length <= count) return all;
  const powers = all.filter((value) => Number.isInteger(Number(Math.log10(value).toFixed(9))));
  return powers.length >= 2 ? powers : all.slice(0, count);
}

/** Decimals a tick of this step needs. */
export function decimalsOfStep(step: number): number {
  return Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
}

/** Over how much values must span before the axis is logarithmic (design/ui README, "Charts"). */
const LOG_FROM_RATIO = 5;

export function needsLogAxis(values: readonly number[]): boolean {
  const positive = values.filter((value) => value > 0);
  return positive.length > 0 && Math.max(...positive) / Math.min(...positive) > LOG_FROM_RATIO;
}

/** Moves label places apart to at least `gap`, keeping their order and the range; order of the input is kept. */
export function spreadLabels(places: readonly number[], gap: number, from: number, to: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  let lowest = from;
  for (const label of order) {
    label.place = Math.max(label.place, lowest);
    lowest = label.place + gap;
  }
  let highest = to;
  for (const label of order.toReversed()) {
    label.place = Math.min(label.place, highest);
    highest = label.place - gap;
  }
  const result = places.slice();
  for (const label of order) result[label.index] = label.place;
  return result;
}

export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** Histogram of `values` with round bin edges, about `count` bins, zero always an edge; the last bin includes its end. */
export function histogram(values: readonly number[], count: number): { width: number; bins: Bin[] } {
  if (values.length === 0) return { width: 1, bins: [] };
  let low = 0;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const width = niceStep(Math.max(high - low, 1e-6), count);
  const first = Math.floor(low / width + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / width - 1e-9));
  const bins = Array.from({ length: last - first }, (_, index) => ({
    from: (first + index) * width,
    to: (first + index + 1) * width,
    count: 0,
  }));
  for (const value of values) {
    const index = Math.min(bins.length - 1, Math.max(0, Math.floor(value / width + 1e-9) - first));
    const bin = bins[index];
    if (bin) bin.count++;
  }
  return { width, bins };
}

/** Steps of a time axis in ms that fall on round UTC times. */
const TIME_STEPS_MS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
].map((seconds) => seconds * 1000);

/** Round UTC times inside [from, to], at most `count`. */
export function timeTicks(from: number, to: number, count: number): { step: number; values: number[] } {
  const step = TIME_STEPS_MS.find((each) => (to - from) / each <= count) ?? 86_400_000;
  const values: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) values.push(at);
  return { step, values };
}
