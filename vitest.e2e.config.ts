import { defineConfig } from 'vitest/config';

/** Latency on the real clock is asserted here: it runs last, when nothing else runs. */
const timed = ['build/e2e/cli-run.test.ts'];
const limits = { testTimeout: 180_000, hookTimeout: 120_000 };

/** Real processes, real sockets, real Chromium. Most of these wait for a market to move: three files at a time use two processors by half. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'together',
          include: ['build/e2e/**/*.test.ts'],
          exclude: timed,
          maxWorkers: 3,
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
