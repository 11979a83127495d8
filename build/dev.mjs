/** `npm run dev`: builds what changed and starts again with it. Started by start.mjs after the first build. */
import { spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, root, say, toolEnvironment } from './toolchain.mjs';

/** Editors write a file more than once. */
const SETTLE_MS = 300;

/** Which parts of the build a changed source is in; undefined: none. */
export function partsOf(path) {
  if (/\.(test|test-helper)\.ts$/.test(path)) return undefined;
  if (path.startsWith('renderer/')) return ['renderer'];
  if (/^main\/(ipc|text)\//.test(path)) return ['main', 'renderer'];
  if (path.startsWith('main/')) return ['main'];
  if (path.startsWith('engine/protocol/')) return ['engine', 'practice', 'main', 'renderer'];
  if (path.startsWith('engine/')) return ['engine', 'practice'];
  return undefined;
}

/** Runs until Ctrl-C; a build that fails leaves what runs as it is. */
export function runWatched([program, args, { env = toolEnvironment() }]) {
  let child = start([]);
  let isEnding = false;
  let settle;
  const changed = new Set();

  function start(more) {
    return spawn(program, [...args, ...more], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env, cwd: root });
  }

  async function renew() {
    const parts = [...changed];
    changed.clear();
    say(`changed: ${parts.join(', ')}`);
    const options = { cwd: root, stdio: ['ignore', 2, 2], env: toolEnvironment() };
    const built = spawnSync(pinnedNode(), ['build/bundle.mjs', '--only', parts.join(',')], options);
    if (built.status !== 0) return say('The build failed; what runs goes on.');
    const exited = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await exited;
    }
    // The window that is open cannot be used again: its link and address are new.
    if (!isEnding) child = start(program === pinnedNode() ? [] : ['--hidden']);
    return undefined;
  }

  let renewing = Promise.resolve();
  for (const folder of ['engine', 'main', 'renderer']) {
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      for (const part of partsOf(`${folder}/${String(name).replaceAll('\\', '/')}`) ?? []) changed.add(part);
      clearTimeout(settle);
      if (changed.size > 0) settle = setTimeout(() => (renewing = renewing.then(renew)), SETTLE_MS);
    });
  }
  say('Watching engine/, main/ and renderer/. Ctrl-C ends it.');
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        isEnding = true;
        if (child.exitCode !== null) return process.exit(0);
        child.once('exit', (code) => {
          resolve(code ?? 0);
          process.exit(code ?? 0);
        });
        child.kill(signal);
      });
    }
  });
}
