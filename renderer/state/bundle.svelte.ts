/** A support bundle in the window: collected, looked at, saved. */
import type { IpcOutput } from '../../main/ipc/schema.ts';
import { failureOf, type Failure } from './failure.ts';
import { session } from './session.svelte.ts';

export class Bundle {
  prepared = $state.raw<IpcOutput<'bundle.prepare'>>();
  /** The file being looked at. */
  name = $state<string>();
  text = $state<string>();
  savedAs = $state<string>();
  failure = $state.raw<Failure>();
  busy = $state.raw<{ work: 'collecting' | 'saving'; sinceAt: number }>();

  async collect(): Promise<void> {
    await this.#work('collecting', async () => {
      this.savedAs = undefined;
      this.prepared = await session.callDesktop('bundle.prepare', {});
      const first = this.prepared.files[0];
      if (first) await this.#show(first.name);
    });
  }

  async look(name: string): Promise<void> {
    try {
      await this.#show(name);
      this.failure = undefined;
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  async save(): Promise<void> {
    const { prepared } = this;
    if (!prepared) return;
    await this.#work('saving', async () => {
      this.savedAs = (await session.callDesktop('bundle.save', { id: prepared.id })).path;
    });
  }

  async #show(name: string): Promise<void> {
    if (!this.prepared) return;
    this.name = name;
    const { text } = await session.callDesktop('bundle.file', { id: this.prepared.id, name });
    if (this.name === name) this.text = text;
  }

  async #work(work: 'collecting' | 'saving', run: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = { work, sinceAt: Date.now() };
    try {
      await run();
      this.failure = undefined;
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.busy = undefined;
    }
  }
}
