/** Token values for canvas drawing, which does not know CSS variables. Read again after a theme change. */
export interface ChartColors {
  ink1: string;
  ink2: string;
  ink3: string;
  line1: string;
  line3: string;
  bg1: string;
  accent: string;
  band1: string;
  band2: string;
}

export function readChartColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink1: token('--ink-1'),
    ink2: token('--ink-2'),
    ink3: token('--ink-3'),
    line1: token('--line-1'),
    line3: token('--line-3'),
    bg1: token('--bg-1'),
    accent: token('--accent'),
    band1: token('--band-1'),
    band2: token('--band-2'),
  };
}

/** Calls `listener` when another theme is applied; returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  document.addEventListener('themechange', listener);
  return () => document.removeEventListener('themechange', listener);
}
