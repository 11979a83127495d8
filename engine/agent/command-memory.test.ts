import { describe, expect, it } from 'vitest';
import type { Command } from '../protocol/messages.ts';
import { uuidV7 } from '../protocol/uuid-v7.ts';
import { createCommandMemory } from './command-memory.ts';

const DAY_MS = 24 * 3_600_000;
const STARTED_AT = 1_700_000_000_000;
const start: Command = { name: 'start' };
const refused = { code: 'HS_COMMAND_ID_REFUSED' };

function memory() {
  let nowMs = 0;
  let runs = 0;
  const run = createCommandMemory({ monotonicMs: () => nowMs, wallMs: () => STARTED_AT + nowMs }, () => {
    runs += 1;
    return Promise.resolve(runs);
  });
  const idNow = (salt: number) =>
    uuidV7(STARTED_AT + nowMs, Uint8Array.from([0, 0, 0, 0, 0, 0, 0, salt >> 16, salt >> 8, salt]));
  return { run, idNow, advance: (ms: number) => (nowMs += ms), runs: () => runs };
}

describe('command memory', () => {
  it('gives the answer of the first time for 24 hours, then refuses the id', async () => {
    const { run, idNow, advance, runs } = memory();
    const id = idNow(1);
    expect(await run(id, start)).toBe(1);
    advance(DAY_MS - 1);
    expect(await run(id, start)).toBe(1);
    advance(2);
    // Forgetting happens when something new comes.
    expect(await run(idNow(2), start)).toBe(2);
    await expect(run(id, start)).rejects.toMatchObject(refused);
    expect(runs()).toBe(2);
  });

  it('stays bounded, and what was pushed out cannot take effect again', async () => {
    const { run, idNow, advance, runs } = memory();
    const first = idNow(0);
    for (let index = 0; index <= 10_000; index += 1) {
      await run(idNow(index), start);
      advance(1);
    }
    await expect(run(first, start)).rejects.toMatchObject(refused);
    expect(runs()).toBe(10_001);
  });

  it('remembers a failure too: the command is not tried a second time', async () => {
    let runs = 0;
    const run = createCommandMemory({ monotonicMs: () => 0, wallMs: () => STARTED_AT }, () => {
      runs += 1;
      return Promise.reject(new Error('failed once'));
    });
    const id = uuidV7(STARTED_AT, new Uint8Array(10));
    await expect(run(id, start)).rejects.toThrow('failed once');
    await expect(run(id, start)).rejects.toThrow('failed once');
    expect(runs).toBe(1);
  });

  it('answers reading commands afresh each time', async () => {
    const { run, idNow } = memory();
    const list: Command = { name: 'trades.list', limit: 10 };
    expect([await run(idNow(1), list), await run(idNow(1), list)]).toEqual([1, 2]);
  });

  it('refuses ids of before this start by their time, where nothing is written down', async () => {
    const { run, runs } = memory();
    await expect(run(uuidV7(STARTED_AT - 1, new Uint8Array(10)), start)).rejects.toMatchObject(refused);
    expect(runs()).toBe(0);
  });

  it('refuses ids of before this start by their having been written down, whatever the clocks say', async () => {
    const written = new Set<string>();
    const durable = { has: (id: string) => written.has(id), add: async (id: string) => void written.add(id) };
    let runs = 0;
    const boot = () =>
      createCommandMemory({ monotonicMs: () => 0, wallMs: () => STARTED_AT }, async () => (runs += 1), durable);
    const early = uuidV7(STARTED_AT - DAY_MS, new Uint8Array(10));
    const first = boot();
    expect([await first(early, start), await first(early, start)]).toEqual([1, 1]);
    await expect(boot()(early, start)).rejects.toMatchObject(refused);
    expect(runs).toBe(1);
  });
});
