import { expect, it } from 'vitest';
import { packageFolder } from './bundled-packages.mjs';

it.each([
  ['node_modules/ws/lib/websocket.js', 'node_modules/ws'],
  ['/home/me/halfspread/node_modules/@noble/curves/utils.js', 'node_modules/@noble/curves'],
  ['node_modules/ethers/node_modules/@noble/hashes/sha3.js', 'node_modules/ethers/node_modules/@noble/hashes'],
  ['C:\\halfspread\\node_modules\\svelte\\src\\index.js', 'node_modules/svelte'],
  ['\0/halfspread/node_modules/uplot/dist/uPlot.esm.js?commonjs', 'node_modules/uplot'],
  ['renderer/App.svelte', undefined],
])('%s belongs to %s', (file, folder) => {
  expect(packageFolder(file)).toBe(folder);
});
