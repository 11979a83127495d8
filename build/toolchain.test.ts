import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A project of its own with our entry scripts, and an npm that only notes that it was called. */
let project: string;
const npmCalls = () =>
  existsSync(join(project, 'npm.log')) ? readFileSync(join(project, 'npm.log'), 'utf8').trim() : '';
const npm = (body: string) =>
  writeFileSync(join(project, 'bin', 'npm'), `#!/bin/sh\necho "$1" >> '${project}/npm.log'\n${body}\n`, {
    mode: 0o755,
  });
const environment = () => ({ ...process.env, PATH: `${join(project, 'bin')}:${process.env['PATH']}` });

function run(...args: string[]) {
  return spawnSync(process.execPath, [join(project, 'build', 'run.mjs'), ...args], {
    cwd: project,
    encoding: 'utf8',
    env: environment(),
  });
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'hs-toolchain-'));
  mkdirSync(join(project, 'bin'));
  mkdirSync(join(project, 'build'));
  for (const name of ['toolchain.mjs', 'run.mjs']) {
    cpSync(join(import.meta.dirname, name), join(project, 'build', name));
  }
  writeFileSync(join(project, 'package-lock.json'), '{}');
  writeFileSync(join(project, 'script.mjs'), 'console.log("ran", ...process.argv.slice(2)); process.exit(5);');
  npm(`mkdir -p '${project}/node_modules' && touch '${project}/node_modules/.package-lock.json'`);
});
afterEach(() => rmSync(project, { recursive: true }));

describe('entry scripts', () => {
  it('install packages once, and again only when the lockfile changed', () => {
    expect(run('script.mjs', 'a', '--b')).toMatchObject({ stdout: 'ran a --b\n', status: 5 });
    expect(npmCalls()).toBe('ci');
    run('script.mjs');
    expect(npmCalls()).toBe('ci');
    // A checkout writes files anew: another time, the same packages.
    writeFileSync(join(project, 'package-lock.json'), '{}');
    run('script.mjs');
    expect(npmCalls()).toBe('ci');
    writeFileSync(join(project, 'package-lock.json'), '{"changed":1}');
    run('script.mjs');
    expect(npmCalls()).toBe('ci\nci');
  });

  it('say what failed and what to do when packages cannot be installed, without a stack', () => {
    npm('echo "npm error network" >&2; exit 1');
    const { status, stdout, stderr } = run('script.mjs');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('npm ci failed (code 1).');
    expect(stderr).toContain('npm error network');
    expect(stderr).not.toContain('    at ');
  });

  it('pass a signal on and wait for the script to stop', async () => {
    writeFileSync(
      join(project, 'script.mjs'),
      `process.on('SIGTERM', () => setTimeout(() => { console.log('stopped'); process.exit(3); }, 200));
       setInterval(() => {}, 1000); console.log('up');`,
    );
    const child = spawn(process.execPath, [join(project, 'build', 'run.mjs'), 'script.mjs'], {
      cwd: project,
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (text.includes('up')) child.kill('SIGTERM');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, output }).toEqual({ code: 3, output: 'up\nstopped\n' });
  });
});
