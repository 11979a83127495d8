import { spawnSync } from 'node:child_process';

/** A square PNG of `size` px. Needs rsvg-convert (Debian: librsvg2-bin; macOS: `brew install librsvg`). */
export function renderSvg(svg: string, size: number): Buffer {
  const run = spawnSync('rsvg-convert', ['--format', 'png', '--width', String(size), '--height', String(size)], {
    input: svg,
  });
  if (run.error || run.status !== 0) {
    throw new Error(`rsvg-convert is needed (Debian: librsvg2-bin): ${run.error?.message ?? run.stderr.toString()}`);
  }
  return run.stdout;
}
