import uPlot from 'uplot';
import { linearScale, spreadLabels, ticks, timeTicks, niceStep, decimalsOfStep } from './scale.ts';
import { spreadRange, type SpreadColumns, type SpreadMark } from './spread-series.ts';
import type { ChartColors } from './theme-colors.ts';

/** Everything one drawing of the spread chart needs; handed in anew with each update. */
export interface SpreadPlotInput {
  columns: SpreadColumns;
  marks: SpreadMark[];
  fromAt: number;
  toAt: number;
  entryBps: number;
  exitBps: number;
  texts: { now: (bps: number) => string; reverse: (bps: number) => string; entry: string; exit: string; unit: string };
  formatTick: (value: number, decimals: number) => string;
  formatTime: (atMs: number, stepMs: number) => string;
}

const RIGHT_GUTTER_PX = 116;
const LEFT_AXIS_PX = 46;
const FONT_PX = 11;
/** Missed signals nearer than this to the last drawn one are not drawn again: a cooldown misses many in a row. */
const MISSED_GAP_PX = 14;

/**
 * The streaming spread chart on a canvas. uPlot keeps scales, line and cursor; thresholds, marks and labels are drawn in
 * its hooks. Sizes are CSS pixels.
 */
export class SpreadPlot {
  #plot: uPlot;
  #input: SpreadPlotInput;
  #colors: ChartColors;

  constructor(
    target: HTMLElement,
    input: SpreadPlotInput,
    colors: ChartColors,
    onCursor: (index: number | undefined) => void,
  ) {
    this.#input = input;
    this.#colors = colors;
    this.#plot = new uPlot(this.#options(target, onCursor), input.columns, target);
  }

  update(input: SpreadPlotInput): void {
    this.#input = input;
    this.#plot.setData(input.columns, true);
  }

  setColors(colors: ChartColors): void {
    this.#colors = colors;
    this.#plot.redraw(false, true);
  }

  resize(width: number, height: number): void {
    this.#plot.setSize({ width, height });
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #options(target: HTMLElement, onCursor: (index: number | undefined) => void): uPlot.Options {
    const font = `${FONT_PX}px ${getComputedStyle(document.body).fontFamily}`;
    const axis = {
      stroke: () => this.#colors.ink3,
      font,
      ticks: { show: false },
      grid: { stroke: () => this.#colors.line1, width: 1 },
    };
    return {
      width: Math.max(1, target.clientWidth),
      height: Math.max(1, target.clientHeight),
      padding: [16, RIGHT_GUTTER_PX, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [this.#input.fromAt / 1000, this.#input.toAt / 1000] },
        y: {
          range: () => spreadRange(this.#input.columns, this.#input.marks, [this.#input.entryBps, this.#input.exitBps]),
        },
      },
      axes: [
        {
          ...axis,
          size: 28,
          gap: 8,
          grid: { show: false },
          splits: (_plot, _axis, from, to) => timeTicks(from * 1000, to * 1000, 7).values.map((at) => at / 1000),
          values: (_plot, splits) => {
            const step = splits.length > 1 ? (splits[1]! - splits[0]!) * 1000 : 60_000;
            return splits.map((seconds) => this.#input.formatTime(seconds * 1000, step));
          },
        },
        {
          ...axis,
          size: LEFT_AXIS_PX,
          gap: 8,
          splits: (_plot, _axis, from, to) => ticks(from, to, 5),
          values: (plot, splits) => {
            const { min = 0, max = 1 } = plot.scales.y ?? {};
            const decimals = decimalsOfStep(niceStep((max ?? 1) - (min ?? 0), 5));
            return splits.map((value) => this.#input.formatTick(value, decimals));
          },
        },
      ],
      series: [
        {},
        { stroke: () => this.#colors.ink2, width: 1.3, points: { show: false } },
        { stroke: () => this.#colors.ink3, width: 0.8, points: { show: false } },
      ],
      hooks: {
        drawClear: [(plot) => this.#drawBand(plot)],
        draw: [(plot) => this.#drawMarks(plot)],
        setCursor: [(plot) => onCursor(plot.cursor.idx ?? undefined)],
      },
    };
  }

  /** Where an entry may happen: from the threshold up. */
  #drawBand(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const y = plot.valToPos(this.#input.entryBps, 'y', true);
    ctx.save();
    ctx.fillStyle = this.#colors.band2;
    ctx.globalAlpha = 0.6;
    ctx.fillRect(bbox.left, bbox.top, bbox.width, Math.max(0, y - bbox.top));
    ctx.restore();
  }

  #drawMarks(plot: uPlot): void {
    const { ctx } = plot;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.scale(ratio, ratio);
    const area = {
      left: plot.bbox.left / ratio,
      right: (plot.bbox.left + plot.bbox.width) / ratio,
      top: plot.bbox.top / ratio,
      bottom: (plot.bbox.top + plot.bbox.height) / ratio,
    };
    const { min = 0, max = 1 } = plot.scales.y ?? {};
    const yOf = linearScale(min ?? 0, max ?? 1, area.bottom, area.top);
    const xOf = linearScale(this.#input.fromAt, this.#input.toAt, area.left, area.right);
    this.#drawThresholds(ctx, area, yOf);
    this.#drawEvents(ctx, xOf, yOf);
    this.#drawLabels(ctx, area, yOf, xOf);
    ctx.restore();
  }

  #drawThresholds(
    ctx: CanvasRenderingContext2D,
    area: { left: number; right: number },
    yOf: (v: number) => number,
  ): void {
    const line = (bps: number, color: string, dash: number[]) => {
      ctx.beginPath();
      ctx.strokeStyle = color;
      ctx.lineWidth = 1;
      ctx.setLineDash(dash);
      const y = Math.round(yOf(bps)) + 0.5;
      ctx.moveTo(area.left, y);
      ctx.lineTo(area.right, y);
      ctx.stroke();
    };
    line(0, this.#colors.line3, []);
    line(this.#input.entryBps, this.#colors.accent, [5, 4]);
    line(this.#input.exitBps, this.#colors.ink3, [2, 4]);
    ctx.setLineDash([]);
  }

  #drawEvents(ctx: CanvasRenderingContext2D, xOf: (at: number) => number, yOf: (v: number) => number): void {
    let lastMissedX = -Infinity;
    for (const mark of this.#input.marks) {
      const x = xOf(mark.at);
      const y = yOf(mark.bps);
      if (mark.kind === 'missed') {
        if (x - lastMissedX < MISSED_GAP_PX) continue;
        lastMissedX = x;
        this.#strokeWithHalo(ctx, [
          [x - 3.5, y - 3.5, x + 3.5, y + 3.5],
          [x + 3.5, y - 3.5, x - 3.5, y + 3.5],
        ]);
      } else {
        const tip = mark.kind === 'entry' ? -5.5 : 5.5;
        ctx.beginPath();
        ctx.moveTo(x, y + tip);
        ctx.lineTo(x + 5.5, y - tip * 0.8);
        ctx.lineTo(x - 5.5, y - tip * 0.8);
        ctx.closePath();
        ctx.fillStyle = mark.kind === 'entry' ? this.#colors.accent : this.#colors.bg1;
        ctx.strokeStyle = mark.kind === 'entry' ? this.#colors.bg1 : this.#colors.ink1;
        ctx.lineWidth = 1.2;
        ctx.fill();
        ctx.stroke();
      }
    }
  }

  #strokeWithHalo(ctx: CanvasRenderingContext2D, lines: [number, number, number, number][]): void {
    for (const [color, width] of [
      [this.#colors.bg1, 4],
      [this.#colors.ink1, 1.5],
    ] as const) {
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      ctx.beginPath();
      for (const [x1, y1, x2, y2] of lines) {
        ctx.moveTo(x1, y1);
        ctx.lineTo(x2, y2);
      }
      ctx.stroke();
    }
  }

  /** Line names at the right end, moved apart where they would cover each other. */
  #drawLabels(
    ctx: CanvasRenderingContext2D,
    area: { left: number; right: number; top: number; bottom: number },
    yOf: (value: number) => number,
    xOf: (at: number) => number,
  ): void {
    const { columns, texts, entryBps, exitBps } = this.#input;
    const last = columns[1].findLast((value) => value !== null);
    const lastAt = columns[0].at(-1);
    const labels = [
      { bps: entryBps, text: texts.entry, color: this.#colors.ink2, weight: 400 },
      { bps: exitBps, text: texts.exit, color: this.#colors.ink2, weight: 400 },
    ];
    if (last !== undefined && last !== null && lastAt !== undefined) {
      ctx.beginPath();
      ctx.fillStyle = this.#colors.ink1;
      ctx.arc(Math.min(area.right, xOf(lastAt * 1000)), yOf(last), 3, 0, 2 * Math.PI);
      ctx.fill();
      labels.push({ bps: last, text: texts.now(last), color: this.#colors.ink1, weight: 600 });
    }
    const reverse = columns[2].findLast((value) => value !== null);
    if (reverse !== undefined && reverse !== null) {
      labels.push({ bps: reverse, text: texts.reverse(reverse), color: this.#colors.ink3, weight: 400 });
    }
    const family = getComputedStyle(document.body).fontFamily;
    const places = spreadLabels(
      labels.map((label) => yOf(label.bps)),
      15,
      area.top + 6,
      area.bottom - 2,
    );
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    for (const [index, label] of labels.entries()) {
      ctx.fillStyle = label.color;
      ctx.font = `${label.weight} ${FONT_PX}px ${family}`;
      ctx.fillText(label.text, area.right + 10, places[index] ?? 0);
    }
    ctx.font = `400 ${FONT_PX}px ${family}`;
    ctx.fillStyle = this.#colors.ink3;
    ctx.textAlign = 'right';
    ctx.fillText(texts.unit, area.left - 8, area.top - 9);
  }
}
