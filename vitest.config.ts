import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  test: {
    include: ['{engine,main,renderer,build}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'build/peers/**', 'build/e2e/**'],
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
