/** `node build/run.mjs SCRIPT [arguments]`: runs a script under the pinned Node 24, after installing what is missing. */
import { ensureToolchain, pinnedNode, runEntry, runForeground, ToolchainError } from './toolchain.mjs';

await runEntry(async () => {
  const [script, ...args] = process.argv.slice(2);
  if (!script) throw new ToolchainError('No script was named.', 'Usage: node build/run.mjs SCRIPT [arguments]');
  await ensureToolchain();
  return runForeground(pinnedNode(), [script, ...args]);
});
