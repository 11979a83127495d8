/**
 * `npm run test:electron`: the window's end-to-end specs inside Electron itself (Playwright's _electron), where its program
 * is: ELECTRON_OVERRIDE_DIST_PATH, or node_modules/electron/dist. Elsewhere it prints "skipped" with the reason and ends
 * with 0. Downloads nothing. `--report FILE` keeps vitest's report, or {"skipped": reason}.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { electronForTests } from './electron-binary.mjs';
import { ensureBuild, ensureToolchain, pinnedNode, root, runEntry, toolEnvironment } from './toolchain.mjs';

/** Each runs against either host; what only one of them has is in the spec under a condition. */
const SPECS = ['build/e2e/window.test.ts', 'build/e2e/window-attacks.test.ts'];

await runEntry(async () => {
  const { report } = parseArgs({ options: { report: { type: 'string' } } }).values;
  if (report) rmSync(report, { force: true });
  await ensureToolchain();
  ensureBuild();
  const electron = electronForTests();
  if ('reason' in electron) {
    const { message, remedy } = electron.reason;
    console.log(`skipped: the window inside Electron: ${message} ${remedy}`);
    if (report) writeFileSync(report, JSON.stringify({ skipped: `${message} ${remedy}` }));
    return 0;
  }
  const environment = { ...toolEnvironment(), HALFSPREAD_E2E_ELECTRON: electron.path };
  delete environment.ELECTRON_RUN_AS_NODE;
  const reporters = ['--reporter=default', ...(report ? ['--reporter=json', `--outputFile.json=${report}`] : [])];
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.e2e.config.ts'];
  const command = [...electron.wrapper, pinnedNode(), ...vitest, ...reporters, ...SPECS];
  const run = spawnSync(command[0], command.slice(1), { cwd: root, stdio: 'inherit', env: environment });
  if (report && !existsSync(report)) console.error(`The tests ended with ${run.status ?? run.signal} and no report.`);
  return run.status ?? 1;
});
