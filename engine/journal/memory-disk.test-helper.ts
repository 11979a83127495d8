import type { AppendFile, Disk } from '../env.ts';

/** Files in memory for tests; `files` can be read and damaged directly. */
export function createMemoryDisk(files = new Map<string, string>()): Disk & { files: Map<string, string> } {
  return {
    files,
    readText: async (path) => {
      const text = files.get(path);
      if (text === undefined) throw new Error(`no such file: ${path}`);
      return text;
    },
    sizeOf: async (path) => files.get(path)?.length,
    async openAppend(path): Promise<AppendFile> {
      if (!files.has(path)) files.set(path, '');
      return {
        append: (data) => void files.set(path, (files.get(path) ?? '') + data),
        sync: async () => undefined,
        close: async () => undefined,
      };
    },
    writeAtomically: async (path, text) => void files.set(path, text),
    truncate: async (path, length) => void files.set(path, (files.get(path) ?? '').slice(0, length)),
    makeDirectory: async () => undefined,
    list: async (path) => [...files.keys()].filter((name) => name.startsWith(`${path}/`)),
  };
}
