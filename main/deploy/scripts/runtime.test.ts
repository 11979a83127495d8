/** The scripts that fetch Node, run by a real shell against a real web server; what stands for Node is a small file. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tarArchive } from '../tar.ts';
import { renderScript } from './render.ts';
import { DOWNLOAD, UNPACK_NODE } from './runtime.ts';

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const node = Buffer.from('#!/bin/sh\necho v24\n');
const archive = gzipSync(tarArchive([{ path: 'node-v24/bin/node', data: node, executable: true }]));
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let server: Server;
let url: string;
let served = archive;
const ranges: string[] = [];
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    ranges.push(request.headers.range ?? '');
    response.writeHead(
      from > 0 ? 206 : 200,
      from > 0 ? { 'content-range': `bytes ${from}-${served.length - 1}/${served.length}` } : {},
    );
    response.end(served.subarray(from));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/node.tar.gz`;
});
afterAll(() => void server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hslab-'));
  served = archive;
  ranges.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** Not synchronous: the server is in this process. */
async function run(body: string, args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('sh', ['-s', '--', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  child.stdin.end(renderScript({ body }));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
const download = (change: Partial<{ url: string; archiveSha: string; nodeSha: string }> = {}) =>
  run(DOWNLOAD, [
    folder,
    change.url ?? url,
    change.archiveSha ?? sha256(archive),
    'node-v24/bin/node',
    change.nodeSha ?? sha256(node),
    'node-24',
  ]);

describe.skipIf(!hasCurl)(`Node from a mirror${hasCurl ? '' : ': no curl here'}`, () => {
  it('is there, executable, and nothing else; a second time nothing is fetched', async () => {
    expect(await download()).toMatchObject({ code: 0, stdout: 'downloaded\tyes\n' });
    expect(await readFile(join(folder, 'node-24'))).toEqual(node);
    expect((await stat(join(folder, 'node-24'))).mode & 0o111).not.toBe(0);
    expect(existsSync(join(folder, 'node-24.tar.gz'))).toBe(false);
    expect(await download()).toMatchObject({ code: 0, stdout: 'downloaded\tno\n' });
    expect(ranges).toHaveLength(1);
  });

  it('goes on with what an interrupted download left', async () => {
    await writeFile(join(folder, 'node-24.tar.gz'), archive.subarray(0, 50));
    expect(await download()).toMatchObject({ code: 0 });
    expect(ranges).toEqual(['bytes=50-']);
  });

  it('is not unpacked when it is another archive, and not kept when it holds another node', async () => {
    served = gzipSync(Buffer.from('something else'));
    const changed = await download();
    expect(changed.code).toBe(64);
    expect(changed.stderr).toContain('HALFSPREAD-FAIL\tHASH');
    expect(existsSync(join(folder, 'node-24.tar.gz'))).toBe(false);
    served = archive;
    expect((await download({ nodeSha: 'f'.repeat(64) })).stderr).toContain('HALFSPREAD-FAIL\tHASH');
    expect(existsSync(join(folder, 'node-24'))).toBe(false);
  });

  it('says why when the mirror cannot be reached', async () => {
    const refused = await download({ url: 'http://127.0.0.1:9/node.tar.gz' });
    expect(refused.stderr).toMatch(/HALFSPREAD-FAIL\tDOWNLOAD\tcurl: .*(refused|connect)/i);
  });
});

it('an uploaded Node is unpacked only when both hashes are right', async () => {
  const packed = gzipSync(node);
  const unpack = (packedSha: string, nodeSha: string) =>
    run(UNPACK_NODE, [folder, 'up.gz', packedSha, nodeSha, 'node-24']);
  await writeFile(join(folder, 'up.gz'), Buffer.concat([packed, Buffer.from('x')]));
  expect((await unpack(sha256(packed), sha256(node))).stderr).toContain('HALFSPREAD-FAIL\tHASH');
  expect(existsSync(join(folder, 'up.gz'))).toBe(false);
  await writeFile(join(folder, 'up.gz'), packed);
  expect(await unpack(sha256(packed), sha256(node))).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'node-24'))).toEqual(node);
});

it('a script that was cut on its way runs nothing', async () => {
  const whole = renderScript({ body: 'touch "$1/ran"' });
  for (const length of [whole.length - 30, whole.length - 60, Math.floor(whole.length / 2)]) {
    spawnSync('sh', ['-s', '--', folder], { input: whole.slice(0, length) });
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  }
  spawnSync('sh', ['-s', '--', folder], { input: whole });
  expect(existsSync(join(folder, 'ran'))).toBe(true);
});
