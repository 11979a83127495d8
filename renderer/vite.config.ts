import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * The page's content policy allows files of its own origin only, so nothing may be inlined: no data: scripts, no inline
 * styles. `sample/` is not an input: invented data is not in the product.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'chrome120',
    sourcemap: false,
    // Read from this machine's disk, in one piece: smaller ones would only add requests.
    chunkSizeWarningLimit: 1_500,
  },
});
