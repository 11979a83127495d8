#!/usr/bin/env node
/** The command line: `npm run -s halfspread -- status --json`. Standard output is the command's alone. */
import { join } from 'node:path';
import { ensureBuild, ensureToolchain, pinnedNode, root, runEntry, runForeground } from './toolchain.mjs';

await runEntry(async () => {
  await ensureToolchain();
  ensureBuild();
  // The caller's environment: the command must see the PATH the person has.
  return runForeground(pinnedNode(), [join(root, 'dist/engine/cli.mjs'), ...process.argv.slice(2)], {
    env: process.env,
  });
});
