const baseUs = Number(process.hrtime.bigint()) / 1000 - performance.now() * 1000;

/** Microseconds of the machine's monotonic clock: the same in every thread, unlike `performance.now()`. */
export function monotonicUs(): number {
  return baseUs + performance.now() * 1000;
}
