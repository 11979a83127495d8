import { onTestFinished, expect, test } from 'vitest';
import { Lateness } from './lateness.ts';
import { RealSchedule } from './real-schedule.ts';

function schedule(): RealSchedule {
  const created = new RealSchedule();
  onTestFinished(() => created.stop());
  return created;
}

test('calls come in order of their deadlines, the clock at or past them, also when added out of order and while others run', async () => {
  const clock = schedule();
  const startUs = clock.nowUs();
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    clock.at(startUs + 9000, () => {
      log.push('c');
      clock.at(startUs, () => {
        log.push('overdue');
        resolve();
      });
    });
    clock.at(startUs + 3000, () => {
      expect(clock.nowUs()).toBeGreaterThanOrEqual(startUs + 3000);
      log.push('a');
      clock.at(startUs + 6000, () => log.push('b'));
    });
    clock.at(startUs + 5000, () => log.push('cancelled'))();
  });
  expect(log).toEqual(['a', 'b', 'c', 'overdue']);
});

test('what is due already is called in a later turn, not inside the call', async () => {
  const clock = schedule();
  let called = false;
  const done = new Promise<void>((resolve) =>
    clock.at(0, () => {
      called = true;
      resolve();
    }),
  );
  expect(called).toBe(false);
  await done;
});

test('a call that throws does not stop later ones', async () => {
  const clock = schedule();
  const seen: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => seen.push(error.message));
  onTestFinished(() => process.setUncaughtExceptionCaptureCallback(null));
  await new Promise<void>((resolve) => {
    clock.at(0, () => {
      throw new Error('first');
    });
    clock.at(1, resolve);
  });
  expect(seen).toEqual(['first']);
});

test('lateness reports percentiles with n; early counts as on time', () => {
  const lateness = new Lateness();
  for (let i = 0; i < 98; i++) lateness.record(1000);
  lateness.record(-300);
  lateness.record(20_000);
  const report = lateness.report();
  expect(report.n).toBe(100);
  expect(report.p50Ms).toBeCloseTo(1, 1);
  expect(report.maxMs).toBeCloseTo(20, 0);
});
