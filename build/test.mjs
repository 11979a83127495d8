/**
 * `npm test`: installs what is missing, then lint, formatting, types, architecture rules, unit and simulation tests, and the
 * end-to-end tests against real processes and Chromium. Last line: "N passed, N failed, N skipped".
 * `--only checks|unit|e2e` runs one part. Uses Node's own modules only, so that it starts on Node 20.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureToolchain, pinnedNode } from './toolchain.mjs';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt > 0 ? process.argv[onlyAt + 1] : undefined;
const wants = (part) => !only || only === part;

await ensureToolchain();
const node = pinnedNode();
// Logs of a CI run are read as text.
const env = {
  ...process.env,
  NO_COLOR: '1',
  PATH: `${root}node_modules/.bin:${process.env.PATH}`,
  // Hundreds of short processes run the same programs: the first one compiles them for all.
  NODE_COMPILE_CACHE: `${root}dist/test/compile-cache`,
};
const outcome = { passed: 0, failed: 0, skipped: 0, skippedWhy: [], failures: [] };
mkdirSync('dist/test', { recursive: true });

if (wants('checks')) {
  rmSync('dist/test/checks.json', { force: true });
  spawnSync(node, ['build/check.mjs', '--json', 'dist/test/checks.json'], { stdio: 'inherit', env });
  const results = existsSync('dist/test/checks.json')
    ? JSON.parse(readFileSync('dist/test/checks.json', 'utf8'))
    : [{ name: 'static checks', ok: false }];
  for (const { name, ok } of results) count(ok ? 'passed' : 'failed', name);
}
if (wants('unit') || wants('e2e')) ensureDebianPackages();
if (wants('unit')) runVitest('unit', ['--config', 'vitest.config.ts']);
if (wants('e2e')) {
  const built = spawnSync(node, ['build/bundle.mjs'], { stdio: 'inherit', env });
  count(built.status === 0 ? 'passed' : 'failed', 'build');
  installPeers();
  runVitest('e2e', ['--config', 'vitest.e2e.config.ts']);
  runElectronTests();
}

for (const failure of outcome.failures) console.log(`FAILED: ${failure}`);
for (const why of outcome.skippedWhy) console.log(`skipped: ${why}`);
console.log(`${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`);
process.exit(outcome.failed > 0 || outcome.passed === 0 ? 1 : 0);

function count(kind, name) {
  outcome[kind]++;
  if (kind === 'failed') outcome.failures.push(name);
}

/** Runs vitest and adds its counts; a run that ended without a report counts as one failure. */
function runVitest(name, args) {
  const report = `dist/test/${name}.json`;
  rmSync(report, { force: true });
  const started = Date.now();
  const run = spawnSync(
    node,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...args,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    {
      stdio: 'inherit',
      env,
    },
  );
  console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return countReport(name, report, run);
}

/** The window's specs once more, inside Electron where it is; else they count as skipped, with the reason. */
function runElectronTests() {
  const report = 'dist/test/electron.json';
  const run = spawnSync(node, ['build/test-electron.mjs', '--report', report], { stdio: 'inherit', env });
  const skipped = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).skipped : undefined;
  if (skipped === undefined) return countReport('electron', report, run);
  outcome.skipped++;
  outcome.skippedWhy.push(`the window inside Electron itself (the same specs ran in the browser shell): ${skipped}`);
  return undefined;
}

function countReport(name, report, run) {
  if (!existsSync(report))
    return count('failed', `${name}: vitest ended with ${run.status ?? run.signal} and no report`);
  const result = JSON.parse(readFileSync(report, 'utf8'));
  outcome.passed += result.numPassedTests;
  let failed = 0;
  for (const file of result.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'failed') {
        failed++;
        count('failed', `${file.name.replace(root, '')}: ${test.fullName}`);
      } else if (test.status === 'pending' || test.status === 'skipped' || test.status === 'todo') {
        outcome.skipped++;
        outcome.skippedWhy.push(`${file.name.replace(root, '')}: ${test.fullName}`);
      }
    }
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      failed++;
      count('failed', `${file.name.replace(root, '')}: ${file.message}`);
    }
  }
  if (run.status !== 0 && failed === 0)
    count('failed', `${name}: vitest ended with ${run.status ?? run.signal} though no test failed`);
  return undefined;
}

/** The end-to-end tests drive a real browser and speak to a real D-Bus. */
function ensureDebianPackages() {
  const needed = [
    { file: '/usr/bin/chromium', packages: ['chromium', 'fonts-inter', 'fonts-dejavu-core'] },
    { file: '/usr/bin/dbus-daemon', packages: ['dbus-daemon'] },
    // The fake logind, which hands out real locks.
    { file: '/usr/bin/systemd-inhibit', packages: ['systemd'] },
    { file: '/usr/lib/python3/dist-packages/dbus/__init__.py', packages: ['python3-dbus', 'python3-gi'] },
    { file: '/usr/bin/gnome-keyring-daemon', packages: ['gnome-keyring', 'libsecret-1-0'] },
    { file: '/usr/sbin/sshd', packages: ['openssh-server', 'openssh-client'] },
  ];
  const packages = needed.filter(({ file }) => !existsSync(file)).flatMap((one) => one.packages);
  if (packages.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`Some tests need Debian packages (install them as root): ${packages.join(' ')}; they will be skipped.`);
    return;
  }
  console.log(`installing ${packages.join(' ')}`);
  const apt = (args) =>
    spawnSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt(['update', '-qq']);
  apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** Third-party clients the practice venues are tested with; kept out of the product's own install. */
function installPeers() {
  if (!existsSync('build/peers/package-lock.json') || existsSync('build/peers/node_modules/.package-lock.json')) return;
  console.log('installing the third-party clients of build/peers');
  spawnSync('npm', ['ci', '--prefix', 'build/peers', '--no-audit', '--no-fund'], { stdio: 'inherit', env });
}
