import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import * as commands from '../commands.ts';
import type { DeployContext, StepReport } from '../context.ts';
import { describeRuntime, stagingOf } from '../layout.ts';
import { RUNTIME_PINS, RUNTIME_VERSION, runtimeName, type RuntimeArch } from '../runtime-pins.ts';
import type { Applied, Check, DeployStep } from '../step.ts';
import type { Saying } from '../../ipc/site-schema.ts';
import { inEnglish, saying } from '../../text/saying.ts';

const staging = (context: DeployContext) => stagingOf(context.layout, context.known('connection').home);

/** Node on the server: the system's, else downloaded there, else uploaded from here. Checked by SHA-256 before it ever runs. */
export const runtimeStep: DeployStep = {
  id: 'runtime',
  kind: 'change',
  check: (context) => checkRuntime(context),
  async apply(context, report) {
    const runtime = context.known('runtime');
    if (runtime.kind === 'system') return { changed: false, detail: [describeRuntime(runtime)] };
    const folder = staging(context);
    await context.host.run(commands.staging(folder));
    const problem = await download(context, folder, runtime.arch, report);
    if (problem === undefined) return { changed: true, detail: [saying('runtime.downloaded')] };
    return upload(context, folder, runtime.arch, report, problem);
  },
  async verify(context) {
    const { done, detail } = await checkRuntime(context);
    if (!done)
      throw new HalfspreadError(
        'HS_DEPLOY_HASH',
        `Node is not there as it was sent (${inEnglish(detail ?? [])}).`,
        'Deploy again.',
      );
  },
  undo: dropStaging,
};

export async function dropStaging(context: DeployContext): Promise<Saying[]> {
  const folder = staging(context);
  const output = await context.host.run(commands.dropStaging(folder));
  const left = output.all('left');
  if (left.length === 0) return [saying('gone.uploads', { path: folder })];
  throw new HalfspreadError('HS_DEPLOY_LEFT', `${left.join(', ')} could not be removed.`, 'Remove it by hand.');
}

async function checkRuntime(context: DeployContext): Promise<Check> {
  const { host, layout } = context;
  const runtime = context.known('runtime');
  if (runtime.kind === 'system') return { done: true, detail: [describeRuntime(runtime)] };
  const name = runtimeName(runtime.arch);
  const installed = await host.run(commands.checkInstalledRuntime(layout, runtime.arch));
  if (installed.get('state') === 'good') return { done: true, detail: [saying('runtime.installed', { name })] };
  const path = `${staging(context)}/${name}`;
  const staged = await host.run(commands.checkFile('login', path, RUNTIME_PINS[runtime.arch].nodeSha256));
  return staged.get('state') === 'good'
    ? { done: true, detail: [saying('runtime.staged', { name })] }
    : { done: false, detail: [saying('runtime.state', { state: staged.get('state') ?? 'unknown' })] };
}

/** @returns why it did not work; a wrong hash is not tried again but thrown */
async function download(
  context: DeployContext,
  folder: string,
  arch: RuntimeArch,
  report: StepReport,
): Promise<Saying | undefined> {
  if (!context.known('extras').downloader) return saying('runtime.noDownloader');
  const { archiveBytes } = RUNTIME_PINS[arch];
  report.detail(saying('runtime.downloading', { version: RUNTIME_VERSION }));
  const startedMs = performance.now();
  try {
    await context.host.run(commands.downloadRuntime(folder, context.ports.runtimeMirror, arch), (line) => {
      const bytes = Number(/^bytes\t\s*(\d+)/.exec(line)?.[1]);
      if (bytes > 0) {
        const rate = bytes / (performance.now() - startedMs);
        report.bytes(bytes, archiveBytes, Math.round((archiveBytes - bytes) / rate));
      }
    });
    return undefined;
  } catch (error) {
    if (error instanceof HalfspreadError && error.code === 'HS_DEPLOY_DOWNLOAD') {
      return saying('runtime.downloadFailed', { why: error.message });
    }
    throw error;
  }
}

async function upload(
  context: DeployContext,
  folder: string,
  arch: RuntimeArch,
  report: StepReport,
  problem: Saying,
): Promise<Applied> {
  const node = await context.ports.nodeBinary(arch);
  if (node === undefined) {
    throw new HalfspreadError(
      'HS_DEPLOY_NO_RUNTIME',
      `The server cannot get Node (${inEnglish([problem])}), and this machine has no copy for ${arch} to upload.`,
      'Let the server reach nodejs.org, or install Node 24 there; then resume.',
    );
  }
  report.detail(problem, saying('runtime.compressing'));
  const packed = await packNode(node, arch, join(context.ports.folder, 'packed'));
  const name = `${runtimeName(arch)}.gz`;
  report.detail(problem, saying('upload.uploading', { sizeBytes: packed.bytes }));
  await context.host.upload(packed.file, packed.bytes, `${folder}/${name}`, ({ bytesDone, bytesTotal, remainingMs }) =>
    report.bytes(bytesDone, bytesTotal, remainingMs),
  );
  await context.host.run(commands.unpackRuntime(folder, name, packed.sha256, arch));
  return { changed: true, detail: [saying('runtime.uploaded', { sizeBytes: packed.bytes })] };
}

/** The node program compressed once and kept, after its own hash was checked. */
async function packNode(
  node: string,
  arch: RuntimeArch,
  folder: string,
): Promise<{ file: string; bytes: number; sha256: string }> {
  const expected = RUNTIME_PINS[arch].nodeSha256;
  if ((await hashFile(node)) !== expected) {
    throw new HalfspreadError(
      'HS_DEPLOY_NO_RUNTIME',
      `The Node program on this machine (${node}) is not the pinned one; it is not uploaded.`,
      'Install the packages again (npm ci), or let the server reach nodejs.org.',
    );
  }
  const file = join(folder, `${runtimeName(arch)}-${expected.slice(0, 16)}.gz`);
  if ((await stat(file).catch(() => undefined)) === undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}.tmp`;
    await pipeline(createReadStream(node), createGzip({ level: 6 }), createWriteStream(draft, { mode: 0o600 }));
    await rename(draft, file);
  }
  return { file, bytes: (await stat(file)).size, sha256: await hashFile(file) };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
