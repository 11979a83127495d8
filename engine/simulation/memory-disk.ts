import { dirname } from 'node:path';
import type { AppendFile, Disk } from '../env.ts';

/** A disk in memory, for virtual runs: every write is durable at once. */
export class MemoryDisk implements Disk {
  private readonly contents = new Map<string, string>();
  private readonly directories = new Set<string>(['/']);

  /** All files by path, to be written out or compared after a run. */
  files(): ReadonlyMap<string, string> {
    return this.contents;
  }

  async readText(path: string): Promise<string> {
    return this.existing(path);
  }

  async sizeOf(path: string): Promise<number | undefined> {
    const text = this.contents.get(path);
    return text === undefined ? undefined : Buffer.byteLength(text);
  }

  async openAppend(path: string): Promise<AppendFile> {
    this.requireDirectory(path);
    if (!this.contents.has(path)) this.contents.set(path, '');
    let open = true;
    return {
      append: (data) => {
        if (!open) throw new Error(`${path} is closed`);
        this.contents.set(path, (this.contents.get(path) ?? '') + data);
      },
      sync: async () => undefined,
      close: async () => {
        open = false;
      },
    };
  }

  async writeAtomically(path: string, text: string): Promise<void> {
    this.requireDirectory(path);
    this.contents.set(path, text);
  }

  async truncate(path: string, length: number): Promise<void> {
    this.contents.set(path, Buffer.from(this.existing(path)).subarray(0, length).toString());
  }

  async makeDirectory(path: string): Promise<void> {
    for (let folder = path; !this.directories.has(folder); folder = dirname(folder)) this.directories.add(folder);
  }

  async list(path: string): Promise<string[]> {
    if (!this.directories.has(path)) throw new Error(`${path}: no such directory`);
    const inside = [...this.contents.keys(), ...this.directories].filter(
      (name) => dirname(name) === path && name !== path,
    );
    return inside.map((name) => name.slice(path === '/' ? 1 : path.length + 1)).sort();
  }

  private existing(path: string): string {
    const text = this.contents.get(path);
    if (text === undefined) throw new Error(`${path}: no such file`);
    return text;
  }

  private requireDirectory(path: string): void {
    if (!this.directories.has(dirname(path))) throw new Error(`${path}: no such directory`);
  }
}
