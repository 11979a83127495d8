import type { Disk, Env, Random } from '../env.ts';
import type { PracticeHost } from '../practice/host.ts';
import { seededRandom } from '../practice/timing/seeded-random.ts';
import { MemoryDisk } from './memory-disk.ts';
import { VirtualNetwork, type VirtualRoute } from './virtual-network.ts';
import { VirtualTime, virtualClock, virtualPracticeHost, virtualTimers } from './virtual-time.ts';

export interface VirtualEnvOptions {
  seed: number;
  /** Wall clock at the run's start, ms since the epoch. */
  startWallMs: number;
  /** Venues by host name; may be filled after creation, since venues need the host that is created here. */
  routes: ReadonlyMap<string, VirtualRoute>;
  /** Default: a disk in memory. The clock stands still while a real one works. */
  disk?: Disk;
}

export interface VirtualEnv {
  env: Env;
  /** The venues' side of the same clock. */
  host: PracticeHost;
  time: VirtualTime;
  /** Runs until the monotonic clock reads `until` ms, or until the condition holds, or nothing is left to happen. */
  run(until: number | (() => boolean)): Promise<void>;
}

/** Everything an engine and its venues need, on virtual time from one seed: the same seed gives the same run. */
export function createVirtualEnv(options: VirtualEnvOptions): VirtualEnv {
  const time = new VirtualTime();
  return {
    env: {
      clock: virtualClock(time, options.startWallMs),
      timers: virtualTimers(time),
      random: virtualRandom(options.seed),
      disk: options.disk ? holdingDisk(options.disk, time) : new MemoryDisk(),
      network: new VirtualNetwork(time, options.routes, options.seed),
    },
    host: virtualPracticeHost(time, options.startWallMs, seededRandom(options.seed + 1)),
    time,
    run: (until) => time.run(typeof until === 'number' ? until * 1000 : until),
  };
}

function virtualRandom(seed: number): Random {
  const next = seededRandom(seed);
  return { next, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}

/** The clock waits for the real disk, so that its speed cannot change the run. */
function holdingDisk(disk: Disk, time: VirtualTime): Disk {
  return {
    readText: (path) => time.hold(disk.readText(path)),
    sizeOf: (path) => time.hold(disk.sizeOf(path)),
    writeAtomically: (path, text) => time.hold(disk.writeAtomically(path, text)),
    truncate: (path, length) => time.hold(disk.truncate(path, length)),
    makeDirectory: (path) => time.hold(disk.makeDirectory(path)),
    list: (path) => time.hold(disk.list(path)),
    openAppend: async (path) => {
      const file = await time.hold(disk.openAppend(path));
      return {
        append: (data) => file.append(data),
        sync: () => time.hold(file.sync()),
        close: () => time.hold(file.close()),
      };
    },
  };
}
