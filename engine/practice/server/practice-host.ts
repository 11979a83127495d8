import type { PracticeHost } from '../host.ts';
import type { RealSchedule } from '../timing/real-schedule.ts';
import { seededRandom } from '../timing/seeded-random.ts';

/** The venues' clock and timers on this machine. */
export function createRealPracticeHost(schedule: RealSchedule, seed: number): PracticeHost {
  return {
    nowUs: () => schedule.nowUs(),
    schedule: (atUs, fn) => schedule.at(atUs, fn),
    random: seededRandom(seed),
  };
}
