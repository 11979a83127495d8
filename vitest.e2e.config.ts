import { defineConfig } from 'vitest/config';

/** Latency is asserted here: these run one after the other, when nothing else runs. */
const timed = ['build/e2e/cli-run.test.ts', 'build/e2e/bench.test.ts'];
const limits = { testTimeout: 120_000, hookTimeout: 60_000 };

/** Real processes, real sockets, real Chromium. Most of these wait for a market to move: two files at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'together',
          include: ['build/e2e/**/*.test.ts'],
          exclude: timed,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          ...limits,
        },
      },
      {
        test: {
          name: 'timed',
          include: timed,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...limits,
        },
      },
    ],
  },
});
