import { expect, test } from 'vitest';
import { VirtualTime, virtualClock, virtualTimers } from './virtual-time.ts';

test('all promise callbacks of an event run before the next event, however long the chain', async () => {
  const time = new VirtualTime();
  const log: string[] = [];
  time.at(10, () => {
    const chain = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      log.push(`chain done at ${time.nowUs()}`);
    };
    chain().catch((error: unknown) => log.push(String(error)));
  });
  time.at(11, () => log.push('next event'));
  await time.run(100);
  expect(log).toEqual(['chain done at 10', 'next event']);
  expect(time.nowUs()).toBe(100);
});

test('a run to a time does not pass it, a run to a condition stops at the event that makes it true', async () => {
  const time = new VirtualTime();
  const log: number[] = [];
  for (const at of [1000, 2000, 3000]) time.at(at, () => log.push(at));
  await time.run(1500);
  expect([log, time.nowUs()]).toEqual([[1000], 1500]);
  await time.run(() => log.length === 2);
  expect([log, time.nowUs()]).toEqual([[1000, 2000], 2000]);
});

test('what is due in the past runs now, never backwards in time', async () => {
  const time = new VirtualTime();
  const seen: number[] = [];
  time.at(500, () => time.at(100, () => seen.push(time.nowUs())));
  await time.run(1000);
  expect(seen).toEqual([500]);
});

test('periodic timers keep their schedule and stop when cancelled', async () => {
  const time = new VirtualTime();
  const clock = virtualClock(time, 1_000_000);
  const ticks: number[] = [];
  const cancel = virtualTimers(time).every(250, () => {
    ticks.push(clock.monotonicMs());
    if (ticks.length === 3) cancel();
  });
  await time.run(5_000_000);
  expect(ticks).toEqual([250, 500, 750]);
  expect(clock.wallMs()).toBe(1_005_000);
});

test('the clock stands still while real work runs', async () => {
  const time = new VirtualTime();
  const log: string[] = [];
  time.at(1, () => {
    const slow = new Promise<void>((resolve) => setTimeout(resolve, 20));
    time.hold(slow).then(
      () => log.push(`work done at ${time.nowUs()}`),
      (error: unknown) => log.push(String(error)),
    );
  });
  time.at(2, () => log.push('next event'));
  await time.run(10);
  expect(log).toEqual(['work done at 1', 'next event']);
});

test('what an event throws ends the run', async () => {
  const time = new VirtualTime();
  time.at(1, () => {
    throw new Error('event failed');
  });
  await expect(time.run(10)).rejects.toThrow('event failed');
});
