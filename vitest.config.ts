import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  test: {
    include: ['{engine,main,renderer,build}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'build/peers/**', 'build/e2e/**'],
    // What is waited for comes from other processes too; a busy machine is late, not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    // Two workers load the sources once each, not once for each of some 300 files: no module of ours keeps state that a test
    // could leave to the next, and what a test sets on the process it takes back.
    isolate: false,
  },
});
