#!/usr/bin/env node
/**
 * The command line: `npm run -s halfspread -- status --json`. Standard output is the command's alone. `deploy` and `site` are
 * of main, everything else of the engine.
 */
import { join } from 'node:path';
import { ensureBuild, ensureToolchain, pinnedNode, root, runEntry, runForeground } from './toolchain.mjs';

const OF_MAIN = ['deploy', 'site'];

await runEntry(async () => {
  await ensureToolchain();
  ensureBuild();
  const args = process.argv.slice(2);
  const program = OF_MAIN.includes(args[0] ?? '') ? 'dist/main/deploy-cli.mjs' : 'dist/engine/cli.mjs';
  // The caller's environment: the command must see the PATH the person has.
  return runForeground(pinnedNode(), [join(root, program), ...args], { env: process.env });
});
