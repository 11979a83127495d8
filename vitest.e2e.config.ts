import { defineConfig } from 'vitest/config';

/** Real processes, real sockets, real Chromium: one file after the other, so that timing is not disturbed. */
export default defineConfig({
  test: {
    include: ['build/e2e/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    maxWorkers: 1,
  },
});
