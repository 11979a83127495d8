/** State pictures: one shape per state, in a box of 16 units. Filled paths, and strokes with their width. */
export interface GlyphShape {
  fill?: string;
  stroke?: string;
  width?: number;
  square?: boolean;
}

export const GLYPHS = {
  off: [{ stroke: 'M13.75 8a5.75 5.75 0 1 1-11.5 0a5.75 5.75 0 0 1 11.5 0Z', width: 1.5 }],
  observing: [{ fill: 'M7.6 1.5v13a6.5 6.5 0 0 1 0-13Z' }, { stroke: 'M8.4 2.25a5.75 5.75 0 0 1 0 11.5', width: 1.5 }],
  trading: [{ fill: 'M7 .4v12A6 6 0 0 1 7 .4Z' }, { fill: 'M9 3.6v12A6 6 0 0 0 9 3.6Z' }],
  warning: [{ fill: 'M8 1.2 15.4 14.4H.6ZM7.2 5.6v4.6h1.6V5.6ZM7.2 11.2v1.6h1.6v-1.6Z' }],
  error: [{ fill: 'M2 2h12v12H2ZM4.5 7v2h7V7Z' }],
  locked: [{ fill: 'M3 7h10v8H3ZM7.2 9.5v3h1.6v-3Z' }, { stroke: 'M5.2 7V4.8a2.8 2.8 0 0 1 5.6 0V7', width: 1.6 }],
  link: [{ stroke: 'M2 8h3m6 0h3M5 5v6M11 5v6M5 8h6', width: 1.6, square: true }],
  linkLost: [{ stroke: 'M1.5 8H4m8 0h2.5M4.5 5v6M11.5 5v6', width: 1.6, square: true }],
  check: [{ stroke: 'M3 8.5 6.5 12 13 4.5', width: 1.8 }],
  cross: [{ stroke: 'm4 4 8 8m0-8-8 8', width: 1.8 }],
  dot: [{ fill: 'M11 8a3 3 0 1 1-6 0a3 3 0 0 1 6 0Z' }],
  wait: [
    { stroke: 'M8 2.5A5.5 5.5 0 0 1 13.5 8', width: 1.8 },
    { stroke: 'M2.5 8A5.5 5.5 0 0 0 8 13.5', width: 1.8 },
  ],
  entry: [{ fill: 'M8 2 15 14H1Z' }],
  exit: [{ stroke: 'M2 3h12L8 13Z', width: 1.5 }],
  search: [{ stroke: 'M10.7 6.4a4.3 4.3 0 1 1-8.6 0a4.3 4.3 0 0 1 8.6 0ZM9.7 9.7l4.3 4.3', width: 1.6 }],
  display: [{ stroke: 'M8 2.2a5.8 5.8 0 1 0 0 11.6Z', width: 1.5 }, { fill: 'M8 2.2a5.8 5.8 0 0 1 0 11.6Z' }],
} as const satisfies Record<string, readonly GlyphShape[]>;

export type GlyphName = keyof typeof GLYPHS;
