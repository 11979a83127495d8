import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { errorMessage, HalfspreadError } from '../../engine/protocol/errors.ts';
import type { IpcHandlers } from '../ipc/server.ts';
import type { BundleFile } from './bundle-files.ts';

type BundleCall = 'bundle.prepare' | 'bundle.file' | 'bundle.save';

export interface SupportBundleOptions {
  collect(): Promise<BundleFile[]>;
  /** Where to save; undefined when the person chose no place. */
  choosePath(suggestedName: string): Promise<string | undefined>;
  nowMs(): number;
}

/** A support bundle is collected once, looked at file by file, and saved as exactly what was looked at. */
export function createSupportBundle(options: SupportBundleOptions): Pick<IpcHandlers, BundleCall> {
  /** The newest one; another window's is forgotten. */
  let prepared: { id: string; at: number; files: BundleFile[] } | undefined;

  function filesOf(id: string): { at: number; files: BundleFile[] } {
    if (prepared?.id === id) return prepared;
    throw new HalfspreadError(
      'HS_BUNDLE_GONE',
      'This support bundle is no longer there: a newer one was collected, or Halfspread was started anew.',
      'Collect it again.',
    );
  }

  return {
    async 'bundle.prepare'() {
      prepared = { id: randomUUID(), at: options.nowMs(), files: await options.collect() };
      const files = prepared.files.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) }));
      return { id: prepared.id, files };
    },
    'bundle.file'({ id, name }) {
      const file = filesOf(id).files.find((each) => each.name === name);
      if (file) return { text: file.text };
      throw new HalfspreadError('HS_BUNDLE_GONE', `The support bundle has no file ${name}.`, 'Collect it again.');
    },
    async 'bundle.save'({ id }) {
      const { at, files } = filesOf(id);
      const stamp = new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(':', '');
      const path = await options.choosePath(`halfspread-support-${stamp}.zip`);
      if (path === undefined) return {};
      await save(path, zip(files, at));
      return { path };
    },
  };
}

function zip(files: BundleFile[], at: number): Uint8Array {
  return zipSync(Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)])), { level: 6, mtime: at });
}

async function save(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new HalfspreadError(
      'HS_BUNDLE_SAVE',
      `The support bundle could not be saved as ${path}: ${errorMessage(cause)}`,
      'Choose another folder, or make room on the disk.',
      { cause },
    );
  }
}
